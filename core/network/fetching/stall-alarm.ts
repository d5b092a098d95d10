/** Aborts work that makes no progress for some time; disposing it ends the watch. */
export interface StallAlarm extends Disposable {
  /** Aborts when there was no progress, and when the signal does that the alarm was made with. */
  readonly signal: AbortSignal;
  /** There was progress. */
  progress(): void;
}

/** @param stall milliseconds */
export function createStallAlarm(stall: number, signal?: AbortSignal): StallAlarm {
  const stalled = new AbortController();
  const abort = () => stalled.abort(new Error(`the server sent nothing for ${stall / 1000} s`));
  let alarm = setTimeout(abort, stall);
  return {
    signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    progress: () => {
      clearTimeout(alarm);
      alarm = setTimeout(abort, stall);
    },
    [Symbol.dispose]: () => clearTimeout(alarm),
  };
}
