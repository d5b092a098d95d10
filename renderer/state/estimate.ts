import type { BuildState, BuildStep, StepState } from "../../shared/build.ts";
import type { ImageSet } from "../../shared/library.ts";
import { findSlot } from "./find-slot.ts";

/** What is expected of a build, by the last one of the same image. */
export interface Estimate {
  /** Milliseconds that it will still take. */
  readonly left: number;
  /** How much of it is done, from 0 to 1. */
  readonly fraction: number;
  /** The steps that have not begun, with the milliseconds that each will take. */
  readonly ahead: readonly (readonly [BuildStep, number])[];
}

/** Undefined without an earlier build. A step that takes longer than the last time counts as nearly done. */
export function estimate(build: BuildState, sets: readonly ImageSet[], now: number): Estimate | undefined {
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
  const passed = Math.max(0, now - build.started);
  return {
    left,
    fraction: passed + left > 0 ? passed / (passed + left) : 0,
    ahead: times.filter(([step]) => !begun.has(step)),
  };
}
