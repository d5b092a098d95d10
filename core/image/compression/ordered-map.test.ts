import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapInOrder } from "./ordered-map.ts";

async function* numbersTo(end: number, onPull?: (number: number) => void): AsyncGenerator<number> {
  for (let number = 0; number < end; number++) {
    onPull?.(number);
    yield number;
  }
}

test("results come in the items' order, whichever is ready first", async () => {
  const results = mapInOrder(numbersTo(6), 3, async (number) => {
    if (number % 2 === 0) await setImmediate();
    return number * 10;
  });
  const seen: number[] = [];
  for await (const result of results) seen.push(result);
  expect(seen).toEqual([0, 10, 20, 30, 40, 50]);
});

test("no more items are pulled than are worked on at once", async () => {
  let pulled = 0;
  const results = mapInOrder(
    numbersTo(10, () => pulled++),
    3,
    async (number) => number,
  );
  await results.next();
  expect(pulled).toBe(3);
  await results.next();
  expect(pulled).toBe(4);
});

test("a failure comes in its turn, after the results before it", async () => {
  const results = mapInOrder(numbersTo(3), 3, async (number) => {
    if (number === 1) throw new Error("one is bad");
    return number;
  });
  expect(await results.next()).toEqual({ done: false, value: 0 });
  await expect(results.next()).rejects.toThrow("one is bad");
});
