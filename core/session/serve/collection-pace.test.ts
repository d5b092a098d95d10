import { expect, test } from "vitest";
import { pauseAfter, shortestPause } from "./collection-pace.ts";

const MiB = 1024 ** 2;

test("collections that free little come ever more seldom, down to one in 16 seconds", () => {
  const pauses = [shortestPause];
  for (let count = 0; count < 6; count++)
    pauses.push(pauseAfter({ took: 10, freed: MiB }, pauses.at(-1) ?? 0));
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 16_000, 16_000]);
});

test("after a collection that freed much, the next may come as soon as at first", () => {
  expect(pauseAfter({ took: 10, freed: 100 * MiB }, 16_000)).toBe(shortestPause);
});

test.each([MiB, 100 * MiB])(
  "slow collections take at most a twentieth of the time, having freed %i",
  (freed) => {
    const took = 2000;
    expect(took / (took + pauseAfter({ took, freed }, shortestPause))).toBeLessThanOrEqual(0.05);
  },
);
