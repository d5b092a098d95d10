/** A collection of garbage that was done. */
export interface Collection {
  /** Milliseconds. */
  readonly took: number;
  /** Bytes that it gave back to the system; negative when the process grew meanwhile. */
  readonly freed: number;
}

/** Milliseconds from one look at the memory to the next. A small heap's collection takes some 10 ms. */
export const shortestPause = 1_000;
/** Milliseconds for which garbage may stay when collections free little: as long as it lasts once a flood is over. */
const longestPause = 16_000;
/** A collection that frees fewer bytes isn't worth its time. */
const worthwhile = 16 * 1024 ** 2;
/** The share of time that collections may take: while one runs, nobody is answered. */
const share = 0.05;

/**
 * Says for how many milliseconds to leave the memory alone after a collection: each that freed little doubles the pause,
 * and a slow one, as of a big heap or on a busy machine, is followed by a pause in proportion.
 *
 * @param pause the one before the collection, in milliseconds
 */
export function pauseAfter({ took, freed }: Collection, pause: number): number {
  const wanted = freed < worthwhile ? Math.min(pause * 2, longestPause) : shortestPause;
  return Math.max(wanted, took * (1 / share - 1));
}
