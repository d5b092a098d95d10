import type { ImageSet } from "../../../shared/library/library.ts";
import type { BuildState, BuildStep, StepState } from "../../../shared/session/build.ts";
import { findSlot } from "./find-slot.ts";

/** The expected rest of a build, by the last one of the same image. */
export interface Estimate {
  /** Milliseconds that it will still take. */
  readonly left: number;
  /** How much of it is done, from 0 to 1. */
  readonly fraction: number;
  /** The steps that have not begun, with the milliseconds that each will take. */
  readonly ahead: readonly (readonly [BuildStep, number])[];
  /** Whether the step under way takes longer than the last time, so that nobody knows how long it will still take. */
  readonly isOverdue: boolean;
}

/** Milliseconds that a step may take more than the last time before it is overdue: the shortest vary by so much. */
const tolerance = 2_000;

/** Undefined without an earlier build, and for an installation by hand. A step that takes longer than the last time counts as nearly done. */
export function estimate(build: BuildState, sets: readonly ImageSet[], now: number): Estimate | undefined {
  if (build.isByHand) return undefined;
  const expected = findSlot(sets, build.output)?.slot.archive?.record?.steps;
  if (!expected) return undefined;
  const times = Object.entries(expected) as [BuildStep, number][];
  const begun = new Map<BuildStep, StepState>(build.steps.map((step) => [step.step, step]));
  const leftOf = ([step, time]: readonly [BuildStep, number]) => {
    const current = begun.get(step);
    if (!current) return time;
    return current.finished === undefined ? Math.max(0, time - (now - current.started)) : 0;
  };
  const left = times.reduce((sum, one) => sum + leftOf(one), 0);
  const isOverdue = times.some(([step, time]) => {
    const current = begun.get(step);
    return current && current.finished === undefined && now - current.started > time + tolerance;
  });
  const passed = Math.max(0, now - build.started);
  return {
    left,
    fraction: passed + left > 0 ? passed / (passed + left) : 0,
    ahead: times.filter(([step]) => !begun.has(step)),
    isOverdue,
  };
}
