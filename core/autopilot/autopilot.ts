import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../shared/errors/errors.ts";
import type { InstallEvent } from "../../shared/recipe/install-state.ts";
import { type InstallStep, isInput, isWait, waitsForPowerOff } from "../../shared/recipe/install-step.ts";
import { aborted } from "../async/abort.ts";
import type { Rewindable } from "../async/rewindable.ts";
import type { InstallControl } from "../session/live/live-install.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { InstallScript } from "./install-script.ts";
import { createStepActions, type StepActions, type SteppedMachine } from "./step-actions.ts";

/** Installs as a person would, until it is disposed of, and goes back to a checkpoint with its guest. */
export interface Autopilot extends Rewindable, Disposable {
  /**
   * Does the steps in order, as far as persons don't pause or change them. It never settles, since the guest may go back to
   * before a step that is done.
   *
   * @throws AppError `timed-out` when a text does not come in time, or the guest gets another line than was typed, and nobody can act on
   *   that, and those of the steps that the virtual machine refuses; the signal's reason when it aborts
   */
  run(): Promise<never>;
  readonly control: InstallControl;
  /** To be called when the guest has powered off as it was to do. */
  guestIsOff(): void;
}

interface AutopilotOptions {
  readonly signal: AbortSignal;
  readonly clock: Pick<GuestClock, "after" | "hold">;
  readonly report: (event: InstallEvent) => void;
  /** Called when a text has come that was waited for. */
  readonly onMatch: () => void;
  /** Called when all steps are done. */
  readonly onDone: () => void;
  /** Whether a step that has failed waits for a person, also if none watches the steps now. */
  readonly keepsFailed: () => boolean;
  /** Writes a changed step into the recipe. @throws as `InstallControl.change` */
  readonly save: (index: number, before: InstallStep, step: InstallStep) => Promise<void>;
  /** The output of a guest that continues: the serial console has shown it before. */
  readonly shown?: string | undefined;
  /** Called before the guest gets the first input, if something was waited for before. @param shown the serial console's output until then */
  readonly beforeTyping?: ((shown: string) => Promise<void>) | undefined;
}

/** Milliseconds between two last lines for one client. */
const lineInterval = 100;

export function createAutopilot(
  machine: SteppedMachine,
  script: InstallScript,
  { signal, clock, report, onMatch, onDone, keepsFailed, save, shown, beforeTyping }: AutopilotOptions,
): Autopilot {
  const actions = createStepActions(machine, script, { clock, shown });
  const steps = [...script.steps];
  const changes = new EventTarget();
  let mode: "run" | "pause" | "step" = "run";
  let next = 0;
  /** The step that is being done. */
  let current: { readonly step: InstallStep; readonly interruption: AbortController } | undefined;
  let failure: AppError | undefined;
  let hasGivenUp = false;
  /** The step with which they continue, once the consoles are as they were then. */
  let jump: { readonly to: number; readonly ready: Promise<void> } | undefined;
  let watchers = 0;
  let isBeforeTyping = steps.findIndex(isInput) > 0;

  const changed = () => changes.dispatchEvent(new Event("change"));
  const setMode = (wanted: typeof mode) => {
    const wasPaused = mode === "pause";
    mode = wanted;
    if (wasPaused !== (mode === "pause")) report({ type: "install-paused", isPaused: mode === "pause" });
  };
  const forgetFailure = () => {
    failure = undefined;
    clock.hold(false);
  };
  const jumpTo = (to: number, ready: Promise<void> = Promise.resolve()) => {
    jump = { to, ready };
    forgetFailure();
    report({ type: "install-next", index: to });
    current?.interruption.abort();
    changed();
  };
  const requireStep = (index: number): InstallStep => {
    const step = steps[index];
    if (step) return step;
    throw new AppError({ code: "usage", message: `there is no install step ${index + 1}` });
  };

  const isTurn = () => mode !== "pause" && !failure && !jump && next < steps.length;
  /** Waits for what a person does, or the guest that goes back. */
  const untilChange = async () => {
    if (jump) {
      const { to, ready } = jump;
      await ready;
      // Another one may have come meanwhile.
      if (jump.to !== to || jump.ready !== ready) return;
      next = to;
      jump = undefined;
    } else if (hasGivenUp && failure) throw failure;
    else await Promise.race([once(changes, "change"), aborted(signal)]);
  };
  const perform = async (index: number, step: InstallStep, interruption: AbortController) => {
    report({ type: "install-step-started", index });
    if (isBeforeTyping && isInput(step)) {
      isBeforeTyping = false;
      await beforeTyping?.(actions.serialOutput());
    }
    try {
      const found = await actions.perform(step, AbortSignal.any([signal, interruption.signal]));
      if (found !== undefined) onMatch();
      if (jump) return;
      next = index + 1;
      if (!waitsForPowerOff(step)) report({ type: "install-step-done", index, found });
      if (mode === "step") setMode("pause");
      if (next === steps.length) onDone();
    } catch (error) {
      signal.throwIfAborted();
      if (interruption.signal.aborted) return;
      const mayStay = keepsFailed() || watchers > 0;
      const isOfConsole = isWait(step) || step.type !== undefined;
      if (!isTimeOut(error) || !isOfConsole || !mayStay) throw error;
      failure = error;
      // The build's time limit does not count while a person thinks.
      clock.hold(true);
      report({ type: "install-step-failed", index, error: error.toJSON() });
    }
  };

  return {
    run: async () => {
      report({ type: "install-steps", console: script.console, steps: [...steps] });
      for (;;) {
        signal.throwIfAborted();
        if (!isTurn()) {
          await untilChange();
          continue;
        }
        const index = next;
        const step = requireStep(index);
        const interruption = new AbortController();
        current = { step, interruption };
        try {
          await perform(index, step, interruption);
        } finally {
          current = undefined;
        }
      }
    },
    control: {
      pause: () => {
        setMode("pause");
        // A line that is being typed is typed to its end.
        if (current && isWait(current.step)) current.interruption.abort();
      },
      run: () => {
        forgetFailure();
        setMode("run");
        changed();
      },
      step: () => {
        forgetFailure();
        setMode("step");
        changed();
      },
      runFrom: (index) => {
        requireStep(index);
        setMode("run");
        jumpTo(index);
      },
      change: async (index, step) => {
        const before = requireStep(index);
        if (current?.step === before && !isWait(before)) throw isBeingDone(index);
        script.values.resolve(step.type ?? "");
        await save(index, before, step);
        steps[index] = step;
        report({ type: "install-step-changed", index, to: step });
        if (index !== next) return;
        if (failure) forgetFailure();
        // It waits for the new text at once.
        current?.interruption.abort();
        changed();
      },
      giveUp: () => {
        if (!failure) throw nothingFailed();
        hasGivenUp = true;
        changed();
      },
      watch: async function* (stop) {
        watchers += 1;
        try {
          yield* lastLines(actions, AbortSignal.any([stop, signal]));
        } finally {
          watchers -= 1;
        }
      },
    },
    guestIsOff: () => {
      const last = steps.length - 1;
      if (waitsForPowerOff(requireStep(last))) report({ type: "install-step-done", index: last });
    },
    remember: async () => {
      const isCheckpoint = current?.step.checkpoint !== undefined;
      if (current && !isWait(current.step) && !isCheckpoint) throw isBeingDone(next);
      const then = isCheckpoint ? next + 1 : next;
      const restore = await actions.remember();
      return () => {
        const restored = Promise.resolve(restore());
        jumpTo(then, restored);
        return restored;
      };
    },
    [Symbol.dispose]: () => {
      clock.hold(false);
      actions[Symbol.dispose]();
    },
  };
}

/** The last line of a console, now and after changes. */
async function* lastLines(
  console: Pick<StepActions, "lastLine" | "onChange">,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  let before: string | undefined;
  while (!signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _changes = console.onChange(resolve);
    const line = console.lastLine();
    if (line !== before) yield line;
    before = line;
    await Promise.race([promise, aborted(signal)]).catch(() => {});
    await delay(lineInterval, undefined, { signal }).catch(() => {});
  }
}

function isTimeOut(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "timed-out";
}

function isBeingDone(index: number): AppError {
  return new AppError({
    code: "busy",
    message: `the install step ${index + 1} is being done: a line may be half typed`,
    advice: "Try again in a moment.",
  });
}

function nothingFailed(): AppError {
  return new AppError({ code: "usage", message: "no install step has failed" });
}
