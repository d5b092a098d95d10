import { expect, test } from "vitest";
import { RebootCounter } from "./reboot-counter.ts";

const minute = 60_000;

test("five resets are none too many; the sixth makes it a loop", () => {
  const counter = new RebootCounter();
  for (const second of [0, 1, 2, 3, 4]) expect(counter.count(second * 1000)).toBeUndefined();
  expect(counter.count(5_000)).toEqual({ resets: 6, seconds: 5 });
});

test("resets that are minutes apart are no loop", () => {
  const counter = new RebootCounter();
  for (let time = 0; time < 20; time += 1) expect(counter.count(time * 2 * minute)).toBeUndefined();
});

test("a sign of life starts the count anew", () => {
  const counter = new RebootCounter();
  for (let reset = 0; reset < 5; reset += 1) counter.count(reset);
  counter.clear();
  for (let reset = 0; reset < 5; reset += 1) expect(counter.count(reset)).toBeUndefined();
});
