import { expect, test } from "vitest";
import { addToPauses, guestTimeSince } from "./guest-time.ts";

test("a pause begins and ends once, however often the state is told", () => {
  let pauses = addToPauses([], false, 500);
  for (const [isPaused, now] of [
    [true, 1_000],
    [true, 2_000],
    [false, 4_000],
    [false, 5_000],
  ] as const)
    pauses = addToPauses(pauses, isPaused, now);
  expect(pauses).toEqual([{ from: 1_000, to: 4_000 }]);
  expect(addToPauses(pauses, true, 6_000)).toEqual([{ from: 1_000, to: 4_000 }, { from: 6_000 }]);
});

test.each([
  ["without a pause", [], 9_000],
  ["during a pause", [{ from: 3_000 }], 2_000],
  ["after a pause", [{ from: 3_000, to: 5_000 }], 7_000],
  ["after a pause that was over before", [{ from: 200, to: 900 }], 9_000],
  ["after a pause that had begun before", [{ from: 200, to: 2_000 }], 8_000],
  ["in a pause that had begun before", [{ from: 200 }], 0],
])("the guest's time counts %s", (_when, pauses, expected) => {
  expect(guestTimeSince(1_000, pauses, 10_000)).toBe(expected);
});

test("the guest's time is never negative", () => {
  expect(guestTimeSince(1_000, [], 900)).toBe(0);
});
