import { expect, test } from "vitest";
import { changeList, itemsOf, listOf, listOfPieces } from "./long-list.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

test("items are found by their position, in a list of many pieces", () => {
  const list = listOf(numbers(2_000));
  expect([list.length, list.at(0), list.at(1_111), list.at(1_999)]).toEqual([2_000, 0, 1_111, 1_999]);
  expect([list.at(-1), list.at(2_000)]).toEqual([undefined, undefined]);
  expect(itemsOf(list)).toEqual(numbers(2_000));
  expect(listOfPieces([[1], [], [2, 3]]).at(1)).toBe(2);
});

test("a change copies the pieces that it touches, and no others; the list before stays as it was", () => {
  const before = listOf(numbers(100_000));
  const after = changeList(before, ({ add, set, at }) => {
    set(700, -1);
    add(100_000);
    expect([at(700), at(100_000)]).toEqual([-1, 100_000]);
  });
  expect([before.at(700), before.length]).toEqual([700, 100_000]);
  expect([after.at(700), after.at(100_000), after.length]).toEqual([-1, 100_000, 100_001]);
  expect(after.pieces.filter((piece, index) => piece !== before.pieces[index])).toHaveLength(2);
  expect(changeList(before, () => {})).toBe(before);
});

test("a list that is too long loses its beginning, and says how much", () => {
  const limits = { kept: 3_000, dropped: 1_000 };
  let list = listOf<number>([]);
  for (let number = 0; number < 10_000; number++) {
    list = changeList(list, ({ add }) => add(number), limits);
    expect(list.length).toBeLessThanOrEqual(limits.kept);
    expect(list.at(0)).toBe(list.dropped);
  }
  expect(list.length).toBeGreaterThanOrEqual(limits.kept - 2 * limits.dropped);
  expect(list.at(list.length - 1)).toBe(9_999);
});
