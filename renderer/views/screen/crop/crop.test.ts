import { expect, test } from "vitest";
import { partBetween, partIssue } from "./crop.ts";

const size = { width: 720, height: 400 };

test("a part is between two corners, in any order, and inside the picture", () => {
  const part = { x: 10, y: 20, width: 30, height: 40 };
  expect(partBetween({ x: 10, y: 20 }, { x: 40, y: 60 }, size)).toEqual(part);
  expect(partBetween({ x: 40, y: 60 }, { x: 10, y: 20 }, size)).toEqual(part);
  expect(partBetween({ x: -5, y: 390.4 }, { x: 10, y: 900 }, size)).toEqual({
    ...{ x: 0, y: 390, width: 10, height: 10 },
  });
});

test("nothing, and more than there is, can't be cut out", () => {
  expect(partIssue({ x: 0, y: 0, width: 0, height: 5 }, size)).toBe("Mark a part of the picture");
  expect(partIssue({ x: 700, y: 0, width: 21, height: 5 }, size)).toBe("The part is not inside the picture");
  expect(partIssue({ x: 700, y: 0, width: 20, height: 400 }, size)).toBeUndefined();
});
