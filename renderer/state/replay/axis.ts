/** Counts how many of some times are in each of equal parts of a span. @param times in their order */
export function activity(
  times: readonly number[],
  { start, end }: { readonly start: number; readonly end: number },
  parts: number,
): readonly number[] {
  const counts = Array.from({ length: parts }, () => 0);
  for (const time of times) {
    const part = Math.min(parts - 1, Math.floor(((time - start) / Math.max(1, end - start)) * parts));
    if (part >= 0) counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

/** The number of times, in their order, that are not later than this one. */
export function countUntil(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next time at which something changes; undefined behind the last one. */
export function nextMoment(moments: readonly number[], time: number): number | undefined {
  return moments[countUntil(moments, time)];
}

/** The time before this one at which something changed; undefined before the first one. */
export function previousMoment(moments: readonly number[], time: number): number | undefined {
  const reached = countUntil(moments, time);
  return moments[reached - (moments[reached - 1] === time ? 2 : 1)];
}
