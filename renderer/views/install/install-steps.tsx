import { Pause, Play, StepForward } from "lucide-react";
import { useState } from "react";
import { failedStep, type InstallState } from "../../../shared/recipe/install-state.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { Button } from "../../ui/button.tsx";
import { StepRow } from "./step-row.tsx";
import "./install-steps.css";

interface InstallStepsProps {
  readonly session: string;
  readonly install: InstallState;
  /** Whether they can be controlled: the build does them. */
  readonly isWorking: boolean;
  /** The last line of the console on which they wait. */
  readonly line: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The install steps of a build: what each waits for and types, how it has ended, and their controls. */
export function InstallSteps({ session, install, isWorking, line, now }: InstallStepsProps) {
  const [edited, setEdited] = useState<number>();
  const { steps, next, isPaused } = install;
  const { pause, run, step: doNext } = sessionClient(session).install;
  const failed = isWorking ? failedStep(install) : undefined;
  const isHalted = isPaused || failed !== undefined;
  const isDone = next >= steps.length ? "all steps are done" : undefined;
  return (
    <section className="install" aria-label="Install steps">
      {isWorking && (
        <div className="install-bar">
          {isHalted ? (
            <Button icon={Play} disabledReason={isDone} onClick={() => perform({ run: () => run() })}>
              {failed ? "Try again" : "Run"}
            </Button>
          ) : (
            <Button icon={Pause} disabledReason={isDone} onClick={() => perform({ run: () => pause() })}>
              Pause
            </Button>
          )}
          <Button
            icon={StepForward}
            disabledReason={isDone ?? (isHalted ? undefined : "pause the steps first")}
            onClick={() => perform({ run: () => doNext() })}
          >
            Do next step
          </Button>
          <span
            className="install-sees"
            title={`The last line of the ${install.console === "serial" ? "serial console" : "screen"}`}
          >
            {line}
          </span>
        </div>
      )}
      <ol className="install-list">
        {steps.map((state, index) => (
          <StepRow
            key={index}
            {...{ session, index, state, now }}
            isNext={isWorking && index === next}
            isPaused={isPaused}
            canAct={isWorking}
            isEdited={edited === index}
            onEdit={(isEdited) => setEdited(isEdited ? index : undefined)}
          />
        ))}
      </ol>
    </section>
  );
}
