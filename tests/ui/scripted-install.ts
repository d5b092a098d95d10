import { createLatestValue } from "../../core/async/latest-value.ts";
import type { ServedSession } from "../../core/session/serve/served-session.ts";
import type { InstallStep } from "../../shared/recipe/install-step.ts";

/** The install steps of a build whose events a test makes. */
export interface ScriptedInstall {
  /** All that the window has done with them, in order. */
  readonly acts: readonly string[];
  /** Shows a line on the console on which they wait. */
  show(line: string): void;
  /** The wait that is under way has failed. @param shown the last lines of the console */
  fail(message: string, shown: readonly string[]): void;
}

/** Lets a session have install steps, of which so many are done, and the next one is being done. */
export function scriptInstall(
  session: ServedSession,
  steps: readonly InstallStep[],
  done: number,
): ScriptedInstall {
  const acts: string[] = [];
  const line = createLatestValue("");
  session.install.provide({
    pause: () => {
      acts.push("pause");
      session.record({ type: "install-paused", isPaused: true });
    },
    run: () => {
      acts.push("run");
      session.record({ type: "install-paused", isPaused: false });
    },
    step: () => void acts.push("step"),
    runFrom: (index) => {
      acts.push(`run from ${index}`);
      session.record({ type: "install-next", index });
    },
    change: async (index, to) => {
      acts.push(`change ${index} ${JSON.stringify(to)}`);
      session.record({ type: "install-step-changed", index, to });
    },
    giveUp: () => void acts.push("give up"),
    watch: line.watch,
  });
  session.record({ type: "install-steps", console: "serial", steps });
  for (let index = 0; index < done; index += 1) {
    session.record({ type: "install-step-started", index });
    session.record({ type: "install-step-done", index });
  }
  session.record({ type: "install-step-started", index: done });
  return {
    acts,
    show: line.set,
    fail: (message, details) =>
      session.record({
        type: "install-step-failed",
        index: done,
        error: { code: "timed-out", message, details: [...details] },
      }),
  };
}
