import type { UnitKind, UnitState } from "./matrix-state.ts";

/** Milliseconds that a running unit will still take; undefined if that is not known. */
export function restOfUnit({ started, expected, status }: UnitState, now: number): number | undefined {
  if (status !== "running" || started === undefined || expected === undefined) return undefined;
  return Math.max(0, expected - (now - started));
}

/**
 * Milliseconds until the last unit has ended, if as many run at once as now. A unit without an earlier build takes as long as those
 * of its kind that have ended.
 *
 * @returns undefined while nothing is known about a unit
 */
export function estimateRest(units: Iterable<UnitState>, now: number): number | undefined {
  const all = [...units];
  const usual = usualTimes(all);
  let sum = 0;
  let longest = 0;
  for (const one of all) {
    if (one.status !== "waiting" && one.status !== "running") continue;
    const expected = one.expected ?? usual.get(one.kind);
    if (expected === undefined) return undefined;
    const rest = Math.max(0, expected - (one.status === "running" ? now - (one.started ?? now) : 0));
    sum += rest;
    longest = Math.max(longest, rest);
  }
  const running = all.filter(({ status }) => status === "running").length;
  return Math.max(longest, sum / Math.max(1, running));
}

/** The mean time of a build, of each kind of which one has succeeded, or is expected to take some time. */
function usualTimes(units: readonly UnitState[]): ReadonlyMap<UnitKind, number> {
  const times = new Map<UnitKind, { readonly sum: number; readonly count: number }>();
  for (const { kind, status, started, finished, expected } of units) {
    const took =
      status === "succeeded" && started !== undefined && finished !== undefined
        ? finished - started
        : expected;
    if (took === undefined) continue;
    const { sum, count } = times.get(kind) ?? { sum: 0, count: 0 };
    times.set(kind, { sum: sum + took, count: count + 1 });
  }
  return new Map([...times].map(([kind, { sum, count }]) => [kind, sum / count]));
}
