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
  for (const second of [0, 1, 2, 3, 4]) counter.count(second * 1000);
  counter.clear();
  for (const second of [5, 6, 7, 8, 9]) expect(counter.count(second * 1000)).toBeUndefined();
});

test("resets that come together count as one; without an end they are a loop all the same", () => {
  const counter = new RebootCounter();
  for (let time = 0; time < 500; time += 50) expect(counter.count(time)).toBeUndefined();
  let loop: ReturnType<RebootCounter["count"]>;
  for (let time = 500; !loop && time < minute; time += 50) loop = counter.count(time);
  expect(loop).toEqual({ resets: 6, seconds: 5 });
});
