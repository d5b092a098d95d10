import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { RecordedScript } from "../../../shared/recorder/recorded-step.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import type { Rewindable } from "../../async/rewindable.ts";
import { replaceFile } from "../../files/writing/replace-file.ts";
import { createInstallRecorder } from "../../install-recorder/live/install-recorder.ts";
import type { OnInput } from "../../recorder/observe-machine.ts";
import type { LaunchedMachine } from "../../runner/launch-vm.ts";
import type { ServedSession } from "../../session/serve/served-session.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import { formatScript, isUnsure, keptSteps, saveSteps } from "./recorded-steps-file.ts";
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
    save: (target) => saveSteps(target, recorder.script),
  });
  /** @returns whether there are steps in the file */
  const writeSteps = (script: RecordedScript): boolean => {
    if (script.steps.length === 0 && !existsSync(recordedSteps)) return false;
    replaceFile(recordedSteps, () => formatScript(script), 0o600);
    return script.steps.length > 0;
  };
  const stop = new AbortController();
  /** A process that is killed leaves the steps until then. */
  const keepSteps = async () => {
    for await (const script of recorder.watch(stop.signal)) {
      try {
        writeSteps(script);
      } catch {
        // On a full disk, the last one says so.
      }
    }
  };
  const keeping = keepSteps();
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
      stop.abort();
      await keeping;
      try {
        const script = await recorder.script();
        if (writeSteps(script)) onNote(describeEnd(script, recordedSteps));
      } catch (error) {
        onNote(`The steps of this installation were not saved: ${toAppError(error).message}.`);
      } finally {
        await recorder[Symbol.asyncDispose]();
      }
    },
  };
}

function describeEnd(script: RecordedScript, path: string): string {
  const steps = keptSteps(script);
  const unsure = steps.filter(isUnsure).length;
  const check = unsure === 0 ? "" : `; ${unsure} of them should be checked`;
  return `The installation was recorded. Its ${steps.length} steps, as install steps of a recipe, are in ${path}${check}.`;
}
