import { AppError } from "../shared/errors.ts";
import type { GuestClock } from "./run/guest-clock.ts";

/** Rejects with the signal's reason when it aborts; else never settles. */
export function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  promise.catch(() => {});
  return promise;
}

/** A signal that aborts with an AppError `timed-out` after so many seconds of the guest's time; never, without a number. */
export function timeLimit(
  seconds: number | undefined,
  what: string,
  clock: GuestClock,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const alarm =
    seconds === undefined
      ? undefined
      : clock.after(seconds * 1000, () => controller.abort(tooLong(seconds, what)));
  return { signal: controller.signal, [Symbol.dispose]: () => alarm?.[Symbol.dispose]() };
}

function tooLong(seconds: number, what: string): AppError {
  return new AppError({
    code: "timed-out",
    message: `${what} took longer than the ${seconds} s it was given`,
    advice: "See the last lines; give it more time with --timeout SECONDS when it was only slow.",
  });
}
