/** A function that starts work at its first call, and always returns the promise of that. The work may fail before anybody waits for it. */
export function startOnce<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let started: Promise<Result> | undefined;
  return () => {
    if (!started) {
      started = work();
      started.catch(() => {});
    }
    return started;
  };
}
