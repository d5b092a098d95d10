import { type ImageSet, imageKinds } from "../../shared/library/library.ts";
import type { SessionSummary } from "../../shared/session/session-summary.ts";

/** From 0 to 1; `unknown` when nobody knows how long it takes, `none` when nothing is built. */
export type BuildProgress = number | "unknown" | "none";

/** A build that takes longer than the last one is nearly done. */
const nearlyDone = 0.98;

/**
 * How far the builds that run are, all together, by how long the last ones of the same images took.
 *
 * @param now milliseconds since the epoch
 */
export function progressOf(
  sessions: readonly SessionSummary[],
  sets: readonly ImageSet[],
  now: number,
): BuildProgress {
  const builds = sessions.filter(({ kind, status }) => kind === "build" && status === "running");
  if (builds.length === 0) return "none";
  const fractions = builds.map(({ output = "", started }) => {
    const expected = lastDuration(sets, output);
    return expected ? Math.min(Math.max(0, now - started) / expected, nearlyDone) : undefined;
  });
  const known = fractions.filter((fraction) => fraction !== undefined);
  if (known.length < fractions.length) return "unknown";
  return known.reduce((sum, fraction) => sum + fraction, 0) / known.length;
}

/** How long the last build of an archive took, in milliseconds. */
function lastDuration(sets: readonly ImageSet[], path: string): number | undefined {
  const slots = sets.flatMap((set) => imageKinds.map((image) => set[image]));
  return slots.find((slot) => slot.path === path)?.archive?.record?.milliseconds;
}
