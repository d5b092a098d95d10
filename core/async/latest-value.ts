import { once, setMaxListeners } from "node:events";

/**
 * A value that changes, and its observers: each gets the current value, and the latest one after changes, but not
 * every value in between.
 */
export interface LatestValue<Value> {
  get(): Value;
  set(value: Value): void;
  watch(signal: AbortSignal): AsyncGenerator<Value, void, void>;
}

/** @param first values are compared as JSON */
export function createLatestValue<Value>(first: Value): LatestValue<Value> {
  let value = first;
  const changes = new EventTarget();
  // A window may watch it for each of its panels.
  setMaxListeners(0, changes);
  return {
    get: () => value,
    set: (next) => {
      if (JSON.stringify(next) === JSON.stringify(value)) return;
      value = next;
      changes.dispatchEvent(new Event("change"));
    },
    watch: async function* (signal) {
      while (!signal.aborted) {
        const shown = value;
        yield shown;
        // A change during the read is shown at once.
        if (value === shown) await once(changes, "change", { signal }).catch(() => {});
      }
    },
  };
}
