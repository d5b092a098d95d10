/** Tells those who watch something that it has probably changed. */
export interface Pulse {
  /** Settles at the next beat, or when the signal aborts: then it is no longer remembered that somebody waits. */
  next(signal: AbortSignal): Promise<void>;
  beat(): void;
}

export function createPulse(): Pulse {
  const waiting = new Set<() => void>();
  return {
    next: (signal) =>
      new Promise((resolve) => {
        const settle = () => {
          waiting.delete(settle);
          signal.removeEventListener("abort", settle);
          resolve();
        };
        if (signal.aborted) return resolve();
        waiting.add(settle);
        signal.addEventListener("abort", settle);
      }),
    beat: () => {
      for (const settle of [...waiting]) settle();
    },
  };
}
