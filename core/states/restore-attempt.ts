import { AppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { StateFailure } from "./state-failure.ts";
import type { SavedState } from "./state-store.ts";

/** Work that may continue from a saved state. */
interface Attempt<Result> {
  /** Deletes the state that it continues from, if there is one, for a reason. */
  readonly discard?: ((reason: string) => Promise<void>) | undefined;
  readonly result: Promise<Result>;
}

/**
 * Does work that may continue from a saved state. If the state fails, it is deleted, and the work is done again without one.
 *
 * @param attempt starts the work from scratch at each call. Its stack is disposed of when the work has ended.
 */
export async function withoutStateIfItFails<Result>(
  onNote: OnNote,
  attempt: (mayBeWarm: boolean, cleanup: DisposableStack) => Promise<Attempt<Result>>,
): Promise<Result> {
  {
    using cleanup = new DisposableStack();
    const { discard, result } = await attempt(true, cleanup);
    try {
      return await result;
    } catch (error) {
      if (!discard || !(error instanceof StateFailure)) throw error;
      await discard(error.message);
      onNote(
        `The saved state could not be restored, so Tinsmith deleted it, and boots the guest: ${error.message}.`,
      );
    }
  }
  using cleanup = new DisposableStack();
  return await (await attempt(false, cleanup)).result;
}

/** A restored guest continues at once: one that shows no sign of life in this time does not continue. Milliseconds. */
const restoredPatience = 30_000;

/**
 * A signal that aborts with a `StateFailure` when a restored guest does not continue. To be disposed of when it does; without a
 * saved state it never aborts.
 */
export function restoreLimit(
  stored: SavedState | undefined,
  clock: Pick<GuestClock, "after">,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const alarm = stored && clock.after(restoredPatience, () => controller.abort(hangs()));
  return { signal: controller.signal, [Symbol.dispose]: () => alarm?.[Symbol.dispose]() };
}

function hangs(): StateFailure {
  return new StateFailure(
    new AppError({
      code: "timed-out",
      message: `the restored guest showed no sign of life in ${restoredPatience / 1000} s`,
    }),
  );
}
