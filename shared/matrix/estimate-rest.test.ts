import { expect, test } from "vitest";
import { estimateRest, restOfUnit } from "./estimate-rest.ts";
import type { UnitState } from "./matrix-state.ts";

const unit = (changes: Partial<UnitState>): UnitState => ({
  unit: "a",
  kind: "cell",
  status: "waiting",
  ...changes,
});
const running = (started: number, expected?: number) => unit({ status: "running", started, expected });

test("a unit takes as long as the last time, and no less than nothing", () => {
  expect(restOfUnit(running(0, 10_000), 4_000)).toBe(6_000);
  expect(restOfUnit(running(0, 10_000), 40_000)).toBe(0);
  expect(restOfUnit(running(0), 4_000)).toBeUndefined();
  expect(restOfUnit(unit({ expected: 10_000 }), 4_000)).toBeUndefined();
});

test("the rest of all is shared by those that run, but takes as long as the longest", () => {
  const units = [
    running(0, 10_000),
    running(0, 10_000),
    unit({ expected: 20_000 }),
    unit({ expected: 12_000 }),
  ];
  expect(estimateRest(units, 0)).toBe(26_000);
  expect(estimateRest([running(0, 10_000), running(0, 90_000)], 0)).toBe(90_000);
});

test("a unit that was never built takes as long as others of its kind, if there are any", () => {
  const built = unit({ status: "succeeded", started: 0, finished: 30_000 });
  expect(estimateRest([built, running(30_000)], 40_000)).toBe(20_000);
  expect(estimateRest([built, unit({ kind: "setup" })], 40_000)).toBeUndefined();
});
