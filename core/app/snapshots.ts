import { setTimeout as delay } from "node:timers/promises";

/** Things on disk may be changed by other processes at any time: how often they are looked at, in milliseconds. */
const interval = 1_000;

/**
 * Streams how things are: at once, and again whenever that has changed.
 *
 * @param take looks at them.
 * @param changed settles when something has probably changed; it is looked soon anyway.
 */
export async function* snapshots<Snapshot>(
  take: () => Snapshot | Promise<Snapshot>,
  signal: AbortSignal | undefined,
  changed: () => Promise<unknown> = () => new Promise(() => {}),
): AsyncGenerator<Snapshot> {
  let last: string | undefined;
  while (!signal?.aborted) {
    const change = changed();
    const snapshot = await take();
    const text = JSON.stringify(snapshot);
    if (text !== last) yield snapshot;
    last = text;
    using pause = new PauseEnd();
    await Promise.race([
      change,
      delay(interval, undefined, { signal: pause.signalWith(signal) }).catch(() => {}),
    ]);
  }
}

/** Ends a pause that is no longer waited for, so that its timer goes. */
class PauseEnd implements Disposable {
  readonly #controller = new AbortController();

  signalWith(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#controller.abort();
  }
}
