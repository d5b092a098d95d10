import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { RecordedScript, RecordedStep } from "../../../shared/recorder/recorded-step.ts";
import { describeVerdict } from "../../../shared/recorder/recorded-step.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import type { Rewindable } from "../../async/rewindable.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";
import { createInstallRecorder } from "../../install-recorder/live/install-recorder.ts";
import type { OnInput } from "../../recorder/observe-machine.ts";
import type { LaunchedMachine } from "../../runner/launch-vm.ts";
import type { ServedSession } from "../../session/serve/served-session.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import { createScreenLooks } from "./screen-looks.ts";
import { createStepCheckpoints } from "./step-checkpoints.ts";

/** The recording of an installation by hand. Disposing of it ends the recording, and writes the steps beside it. */
export interface HandRecording extends AsyncDisposable {
  /** Takes the inputs of the screen and the machine. */
  readonly onInput: OnInput;
  /** Goes back to a checkpoint with the guest. */
  readonly view: Rewindable;
  /** Records a virtual machine, until it is disposed of. */
  attach(vm: LaunchedMachine, clock: GuestClock): Disposable;
}

/** Milliseconds between two looks at the screen, as the autopilot has it. */
const lookInterval = 150;

/** Records an installation in the session's folder, and lets the session's clients follow its steps. */
export function recordInstallation(session: ServedSession, title: string, onNote: OnNote): HandRecording {
  const { recording, recordedSteps } = session.paths;
  const checkpoints = createStepCheckpoints(onNote);
  const looks = createScreenLooks((text) => recorder.screen(text));
  const recorder = createInstallRecorder({
    ...{ path: recording, title, onNote },
    ...{ look: looks.look, onStep: checkpoints.make },
  });
  const provided = session.recording.provide({
    watch: recorder.watch,
    change: recorder.change,
    save: async (target) => {
      requireNewFile(target);
      try {
        writeFileSync(target, formatScript(await recorder.script()), { flag: "wx" });
      } catch (error) {
        throw explainDiskError(target, error);
      }
    },
  });
  const onInput: OnInput = (input, isGiven) => recorder.input(input, isGiven);
  const keepLooking = async (signal: AbortSignal) => {
    for (;;) {
      await looks.look();
      await delay(lookInterval, undefined, { signal, ref: false });
    }
  };
  return {
    onInput,
    view: { remember: () => recorder.remember() },
    attach: (vm, clock) => {
      const gone = new AbortController();
      recorder.begin(clock);
      checkpoints.use(vm.control.checkpoints);
      const receive = (bytes: Buffer) => recorder.output(bytes);
      vm.serial.on("data", receive);
      const observed = session.serial.observe((text) => recorder.input({ console: "serial", text }));
      looks.use(vm.control);
      keepLooking(gone.signal).catch(() => {});
      let isOver = false;
      const end = (isPowerOff: boolean) => {
        if (isOver) return;
        isOver = true;
        recorder.end(isPowerOff);
      };
      void vm.ended.then(({ reason }) => end(reason === "powered-off"));
      return {
        [Symbol.dispose]: () => {
          gone.abort();
          vm.serial.off("data", receive);
          observed[Symbol.dispose]();
          looks.use(undefined);
          checkpoints.use(undefined);
          end(false);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      provided[Symbol.dispose]();
      try {
        const script = await recorder.script();
        if (script.steps.length === 0) return;
        writeFileSync(recordedSteps, formatScript(script), { mode: 0o600 });
        onNote(describeEnd(script, recordedSteps));
      } catch (error) {
        onNote(`The steps of this installation were not saved: ${toAppError(error).message}.`);
      } finally {
        await recorder[Symbol.asyncDispose]();
      }
    },
  };
}

function kept({ steps }: RecordedScript): readonly RecordedStep[] {
  return steps.filter(({ isRemoved }) => !isRemoved);
}

/** Whether a person should look at a step before a recipe has it. */
function isUnsure({ problem, verdict }: RecordedStep): boolean {
  return problem !== undefined || (verdict !== undefined && verdict.kind !== "ok");
}

/** The keys of a recipe that do the installation again; what is not sure is in a comment above its step. */
function formatScript(script: RecordedScript): string {
  const steps = kept(script).flatMap((step) => {
    const { problem, verdict } = step;
    const reason = problem ?? (verdict && describeVerdict(verdict));
    const comment = isUnsure(step) && reason !== undefined ? [`  # Check this step: ${reason}`] : [];
    const lines = step.steps.map(
      (one) => `  - ${stringify(one, { collectionStyle: "flow", lineWidth: 0 }).trim()}`,
    );
    return [...comment, ...lines];
  });
  return `${[`console: ${script.console}`, "install:", ...steps].join("\n")}\n`;
}

function describeEnd(script: RecordedScript, path: string): string {
  const steps = kept(script);
  const unsure = steps.filter(isUnsure).length;
  const check = unsure === 0 ? "" : `; ${unsure} of them should be checked`;
  return `The installation was recorded. Its ${steps.length} steps, as install steps of a recipe, are in ${path}${check}.`;
}
