/** Tells those who watch something that it has probably changed. */
export interface ChangeNotifier {
  /** Settles at the next change, or when the signal aborts: then it is no longer remembered that somebody waits. */
  next(signal: AbortSignal): Promise<void>;
  notify(): void;
}

export function createChangeNotifier(): ChangeNotifier {
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
    notify: () => {
      for (const settle of [...waiting]) settle();
    },
  };
}
