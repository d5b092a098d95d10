/** Delays data that comes too fast: a burst may come at once, the rest at a steady rate. */
export interface RateLimit extends Disposable {
  /** Notes that bytes came. @returns a promise to await before taking more, when they came too fast */
  take(bytes: number): Promise<void> | undefined;
}

/** Disposing it releases all that waits. */
export function createRateLimit(burst: number, bytesPerSecond: number): RateLimit {
  /** Bytes that may come at once; less than 0 when more than that came. */
  let room = burst;
  let counted = performance.now();
  const held = new Set<() => void>();
  return {
    take(bytes) {
      const now = performance.now();
      room = Math.min(burst, room + ((now - counted) / 1000) * bytesPerSecond) - bytes;
      counted = now;
      if (room >= 0) return undefined;
      const wait = (-room / bytesPerSecond) * 1000;
      return new Promise((resolve) => {
        const release = () => {
          clearTimeout(timer);
          held.delete(release);
          resolve();
        };
        // biome-ignore lint/style/noRestrictedGlobals: it spares the host, and waits for no guest.
        const timer = setTimeout(release, wait);
        held.add(release);
      });
    },
    [Symbol.dispose]() {
      for (const release of held) release();
    },
  };
}
