import { expect, test } from "vitest";
import { parseOutputTimes } from "./output-times.ts";

test("each whole line is a time and a number of bytes; damaged ones are left out", () => {
  expect(parseOutputTimes("1000 5\nrubbish\n1020 9\n10")).toEqual([
    [1000, 5],
    [1020, 9],
  ]);
  expect(parseOutputTimes("")).toEqual([]);
});
