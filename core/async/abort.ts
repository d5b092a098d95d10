import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { GuestClock } from "../time/guest-clock.ts";

/** Rejects with the signal's reason when it aborts; else never settles. */
export function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  promise.catch(() => {});
  return promise;
}

/**
 * Finds the cause of failed work: an error that aborted it says more than the interruption.
 *
 * @param signal the work's own
 */
export function causeOfFailure(thrown: unknown, { reason }: AbortSignal): AppError {
  return reason instanceof AppError && reason.code !== "interrupted" ? reason : toAppError(thrown);
}

/**
 * A signal that aborts with an AppError `timed-out` after this many seconds of the guest's time; never, without a
 * number.
 *
 * @param describe says what had not happened by then.
 */
export function timeLimit(
  seconds: number | undefined,
  describe: (seconds: number) => string,
  clock: GuestClock,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const alarm =
    seconds === undefined
      ? undefined
      : clock.after(seconds * 1000, () => controller.abort(tooLong(describe(seconds))));
  return { signal: controller.signal, [Symbol.dispose]: () => alarm?.[Symbol.dispose]() };
}

function tooLong(message: string): AppError {
  return new AppError({
    code: "timed-out",
    message,
    advice: "If it was only slow, give it more time with --timeout SECONDS.",
  });
}
