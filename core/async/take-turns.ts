/** Work that is done one after another. */
export interface Turns {
  /** Does work when all that came before is done, whether or not that has failed. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: (work) => {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
  };
}
