import { setTimeout as delay } from "node:timers/promises";

/** Things on disk may be changed by other processes at any time: how often they are looked at, in milliseconds. */
const interval = 1_000;

/**
 * Streams how things are: at once, and again whenever that has changed.
 *
 * @param take looks at them.
 * @param changed settles when something has probably changed, so that it is looked before the usual time; it must let go
 *   of its waiting when its signal aborts.
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
