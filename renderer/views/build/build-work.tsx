import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { failedStep } from "../../../shared/recipe/install-state.ts";
import type { BuildView } from "../../state/builds/build-view.ts";
import { openParts } from "../../state/layout/open-parts.ts";
import { partId } from "../../state/layout/parts.ts";
import { lazyView } from "../../ui/lazy-view.tsx";
import { useConsoleLine } from "../install/use-console-line.ts";
import { useArrangement } from "./arrangement.ts";
import { BuildLog, type BuildLogHandle } from "./build-log.tsx";
import { StepList } from "./step-list.tsx";
import "./build-work.css";

// A terminal is a third of all scripts, and the steps can be seen before it is there.
const HostTerminal = lazyView(async () => (await import("./host-terminal.tsx")).HostTerminal);
const SerialView = lazyView(async () => (await import("../serial/serial-view.tsx")).SerialView);

const InstallSteps = lazyView(async () => (await import("../install/install-steps.tsx")).InstallSteps);

const RecordedSteps = lazyView(async () => (await import("../install/recorded-steps.tsx")).RecordedSteps);

const consoles = {
  install: "Install steps",
  recorded: "Recorded steps",
  serial: "Serial console",
  host: "Host commands",
} as const;
type Console = keyof typeof consoles;

interface BuildWorkProps {
  readonly session: string;
  readonly view: BuildView;
  /** Whether its process is there. */
  readonly isRunning: boolean;
  /** Whether the build still has something to do. */
  readonly isWorking: boolean;
  readonly now: number;
}

/** A build at work: its steps, its log, and the console of the working program, as they fit. */
export function BuildWork({ session, view, isRunning, isWorking, now }: BuildWorkProps) {
  const { build } = view;
  const box = useRef<HTMLDivElement>(null);
  const log = useRef<BuildLogHandle>(null);
  const { steps, panes } = useArrangement(box);
  const [shownStep, setShownStep] = useState<number>();
  const [chosenStep, setChosenStep] = useState<number>();
  // A step that has failed is picked unasked.
  const hasFailed = build.outcome.status === "failed" || build.kept !== undefined;
  const picked = chosenStep ?? (hasFailed ? build.steps.length - 1 : undefined);
  const [chosen, setChosen] = useState<Console | "log">();
  const awaitedInput = isRunning ? build.awaitedInput : undefined;
  const isAwaited = awaitedInput !== undefined;
  // While a command asks, its terminal is in front; then all is as if nothing had been chosen.
  useEffect(() => setChosen(isAwaited ? "host" : undefined), [isAwaited]);
  const { install } = build;
  const line = useConsoleLine(session, isWorking && install !== undefined);
  const hasFailedStep = isWorking && install !== undefined && failedStep(install) !== undefined;
  useEffect(() => {
    if (hasFailedStep) setChosen("install");
  }, [hasFailedStep]);

  const isSerialElsewhere = useIsSerialElsewhere(session);
  const hasBooted = build.steps.some(({ step }) => step === "boot" || step === "guest");
  // An installation by hand leaves its recording.
  const usual =
    build.isByHand && !isRunning ? "recorded" : hasBooted && !isSerialElsewhere ? "serial" : "host";
  const wanted = chosen === undefined || chosen === "log" ? usual : chosen;
  const console = wanted === "serial" && isSerialElsewhere ? "host" : wanted;
  const shown =
    panes === "one" ? (chosen === undefined ? "log" : chosen === "log" ? chosen : console) : console;
  const isLogShown = panes !== "one" || shown === "log";
  const wasShown = useRef(new Set<Console>());
  if (shown !== "log") wasShown.current.add(shown);

  return (
    <div className="build-work" ref={box}>
      <div className="build-grid" data-steps={steps} data-panes={panes}>
        <StepList
          {...{ build, isWorking, now }}
          isFolded={steps === "above"}
          shown={isLogShown ? shownStep : undefined}
          picked={picked}
          onShow={(index) => {
            setChosen((now) => (panes === "one" ? "log" : now));
            setChosenStep(index);
            log.current?.showStep(index);
          }}
        />
        <div className="build-log-place" hidden={!isLogShown}>
          <BuildLog
            {...{ session, view, isWorking, picked }}
            // Only a command that runs has a clock there.
            now={view.command === undefined ? 0 : now}
            ref={log}
            onStep={setShownStep}
          />
        </div>
        <div className="build-pane-head build-switch" role="toolbar" aria-label="Panes">
          {panes === "one" && <SwitchButton name="Log" isOn={isLogShown} onClick={() => setChosen("log")} />}
          {(Object.keys(consoles) as Console[]).map(
            (one) =>
              !(one === "serial" && isSerialElsewhere) &&
              !(one === "install" && !install) &&
              !(one === "recorded" && !build.isByHand) && (
                <SwitchButton
                  key={one}
                  name={consoles[one]}
                  isOn={shown === one}
                  onClick={() => setChosen(one)}
                />
              ),
          )}
        </div>
        <div className="build-console" hidden={shown === "log"}>
          {shown === "recorded" && build.isByHand && (
            <RecordedSteps
              session={session}
              output={build.output}
              choices={build.choices ?? {}}
              pictures={view.pictures}
              isRecording={isRunning}
            />
          )}
          {shown === "install" && install && <InstallSteps {...{ session, install, isWorking, line, now }} />}
          {wasShown.current.has("serial") && <SerialPane session={session} isHidden={shown !== "serial"} />}
          {wasShown.current.has("host") && (
            <section aria-label="Commands on this host" hidden={shown !== "host"}>
              <HostTerminal session={session} awaitedInput={awaitedInput} />
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

interface SwitchButtonProps {
  readonly name: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function SwitchButton({ name, isOn, onClick }: SwitchButtonProps) {
  return (
    <button type="button" className="pane-switch" aria-pressed={isOn} onClick={onClick}>
      {name}
    </button>
  );
}

/**
 * The guest's serial console; its commands are available only while it has the focus, as it is one of several panes.
 */
function SerialPane({ session, isHidden }: { readonly session: string; readonly isHidden: boolean }) {
  const [hasFocus, setFocus] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears where the focus is.
    <div
      className="serial-pane"
      hidden={isHidden}
      onFocus={() => setFocus(true)}
      onBlur={({ currentTarget, relatedTarget }) => setFocus(currentTarget.contains(relatedTarget))}
    >
      <SerialView session={session} isActive={hasFocus} />
    </div>
  );
}

/** Whether the session's serial console is visible beside its build, as a tab of its own. */
function useIsSerialElsewhere(session: string): boolean {
  return useStore(openParts, (parts) => {
    const isVisible = (kind: "build" | "serial") => parts[partId({ session, kind })]?.isVisible ?? false;
    return isVisible("serial") && isVisible("build");
  });
}
