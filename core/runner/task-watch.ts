import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { aborted, timeLimit } from "../async/abort.ts";
import type { Rewindable } from "../async/rewindable.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { SilenceAlarm, type SilenceState } from "./silence-alarm.ts";

/** Waits for the result of a guest's task. It goes back to a checkpoint with the guest: then the result may be open again. */
export interface TaskWatch extends Rewindable, Disposable {
  onResult(outcome: TaskOutcome): void;
  /** To be called at each sign of life. */
  onActivity(): void;
  /** To be called when the virtual machine is reset. */
  onReset(): void;
  /**
   * Waits for the result, also if the guest goes back meanwhile.
   *
   * @throws AppError `timed-out`, `guest-tools-lost`
   */
  outcome(): Promise<TaskOutcome>;
  isOpen(): boolean;
  /** Settles when the present result is open again; never, while there is none. */
  reopened(): Promise<void>;
}

export interface TaskWatchOptions {
  /** Seconds for the run, with the boot. */
  readonly timeout?: number | undefined;
  /** The guest's. */
  readonly clock: GuestClock;
  /** Called when the guest tools are heard of for the first time. */
  readonly onToolsStarted: () => void;
}

/** The wait for one result: after a Go back there is another one. */
interface Wait extends Disposable {
  readonly result: PromiseWithResolvers<TaskOutcome>;
  /** Also rejects when the time is up. */
  readonly outcome: Promise<TaskOutcome>;
  readonly silence: SilenceAlarm;
  /** Settles when another wait takes its place. */
  readonly replaced: PromiseWithResolvers<"replaced">;
  reported?: TaskOutcome;
}

export function watchTask({ timeout, clock, onToolsStarted }: TaskWatchOptions): TaskWatch {
  let haveToolsStarted = false;
  const onFirst = () => {
    if (!haveToolsStarted) onToolsStarted();
    haveToolsStarted = true;
  };
  /** @param seconds those that are left */
  const begin = (seconds: number | undefined, heard?: SilenceState): Wait => {
    const limit = timeLimit(seconds, () => describeTimeout(timeout ?? 0, haveToolsStarted), clock);
    const silence = new SilenceAlarm(onFirst, lostAdvice, clock, heard);
    const result = Promise.withResolvers<TaskOutcome>();
    const outcome = Promise.race([result.promise, aborted(AbortSignal.any([limit.signal, silence.signal]))]);
    outcome.catch(() => {});
    return {
      ...{ result, outcome, silence, replaced: Promise.withResolvers() },
      [Symbol.dispose]: () => {
        limit[Symbol.dispose]();
        silence[Symbol.dispose]();
      },
    };
  };
  let current = begin(timeout);
  return {
    onResult: (outcome) => {
      current.reported = outcome;
      current.result.resolve(outcome);
    },
    onActivity: () => current.silence.postpone(),
    onReset: () => current.silence.awaitBoot(),
    outcome: async () => {
      for (;;) {
        const ended = await Promise.race([current.outcome, current.replaced.promise]);
        if (ended !== "replaced") return ended;
      }
    },
    isOpen: () => current.reported === undefined,
    reopened: async () => void (await current.replaced.promise),
    remember: () => {
      const { reported, silence } = current;
      const heard = silence.state();
      const left = timeout === undefined ? undefined : timeout - clock.now() / 1000;
      return () => {
        // A result is the same after a Go back to a moment behind it.
        if (reported !== undefined && current.reported === reported) return;
        const old = current;
        old[Symbol.dispose]();
        current = begin(left, heard);
        if (reported !== undefined) {
          current.reported = reported;
          current.result.resolve(reported);
        }
        old.replaced.resolve("replaced");
      };
    },
    [Symbol.dispose]: () => current[Symbol.dispose](),
  };
}

const lostAdvice =
  "See the guest's last lines: do the guest tools start at boot, and does the guest get an address?";

/** The error for a run whose time is up, by its progress: the boot takes a part of that time. */
export function describeTimeout(seconds: number, haveToolsStarted: boolean): string {
  return haveToolsStarted
    ? `the task had not ended within the run's time-out of ${seconds} s, which includes the boot`
    : `the guest tools had not started within the run's time-out of ${seconds} s, which includes the boot`;
}
