import type { BuildState } from "../../shared/build.ts";
import type { ImageSet } from "../../shared/library.ts";

/**
 * How long a build will still take, by the last one of the same image; undefined without one.
 *
 * A step that takes longer than the last time counts as nearly done. Milliseconds.
 */
export function estimateLeft(build: BuildState, sets: readonly ImageSet[], now: number): number | undefined {
  const last = earlierTimes(build.title, sets);
  if (!last) return undefined;
  const times = Object.entries(last).map(([step, expected]) => {
    const current = build.steps.findLast((one) => one.step === step);
    if (!current) return expected;
    return current.finished === undefined ? Math.max(0, expected - (now - current.started)) : 0;
  });
  return times.reduce((sum, time) => sum + time, 0);
}

function earlierTimes(
  title: string,
  sets: readonly ImageSet[],
): Readonly<Record<string, number>> | undefined {
  const set = sets.find(({ name }) => title.endsWith(` ${name}`));
  const slot = title.startsWith("Setup") ? set?.setup : set?.worker;
  return slot?.archive?.record?.steps;
}
