import { setTimeout as delay } from "node:timers/promises";

/** Things on disk may be changed by other processes at any time: how often they are looked at, in milliseconds. */
const interval = 1_000;

/**
 * Streams snapshots of a state: one at once, and another after each change.
 *
 * @param take reads the state.
 * @param changed settles when something has probably changed, so that `take` is called before the usual time; it must
 *   stop waiting when its signal aborts.
 */
export async function* pollForChanges<Snapshot>(
  take: () => Snapshot | Promise<Snapshot>,
  signal: AbortSignal | undefined,
  changed: (signal: AbortSignal) => Promise<unknown> = () => new Promise(() => {}),
): AsyncGenerator<Snapshot> {
  let last: Snapshot | undefined;
  let lastText: string | undefined;
  while (!signal?.aborted) {
    using pause = new Pause(signal);
    // From before the look, or a change during it would be missed.
    const change = changed(pause.signal);
    const snapshot = await take();
    // One that is the very same need not be looked through.
    const text = snapshot === last ? lastText : JSON.stringify(snapshot);
    if (text !== lastText) yield snapshot;
    last = snapshot;
    lastText = text;
    await Promise.race([change, delay(interval, undefined, { signal: pause.signal }).catch(() => {})]);
  }
}

/** A pause between two looks, whose timer and waiting go when it ends. */
class Pause implements Disposable {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#controller.abort();
  }
}
