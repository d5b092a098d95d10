/**
 * Returns a function that does the work one at a time: calls that come while it is done share the next time. So as many
 * calls as a guest may cause cost no more than one piece of work that waits, and each has its work begun after it.
 *
 * @param work never rejects
 */
export function shareCalls(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    current = work().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (next !== undefined) return next;
    if (!current) return begin();
    next = current.then(begin);
    return next;
  };
}
