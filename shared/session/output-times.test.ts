import { expect, test } from "vitest";
import { parseOutputTimes } from "./output-times.ts";

test("each whole line is a time and a number of bytes", () => {
  expect(parseOutputTimes("1000 5\n1020 9\n10")).toEqual({
    times: [
      [1000, 5],
      [1020, 9],
    ],
    wrong: 0,
  });
  expect(parseOutputTimes("")).toEqual({ times: [], wrong: 0 });
});

test.each([
  ["no time", "rubbish"],
  ["NaN", "NaN 7"],
  ["a negative time", "-5 7"],
  ["a time before the session", "900 7"],
  ["a time after the session", "9007199254740991 7"],
  ["a time before that of the line above", "1005 7"],
  ["fewer bytes than the line above", "1015 4"],
  ["no end of bytes", "1015 1e400"],
])("a line that can't be true is left out and counted: %s", (_name, line) => {
  const span = { start: 1_000, end: 2_000, latest: 2_500 };
  expect(parseOutputTimes(`1010 5\n${line}\n2020 9\n`, span)).toEqual({
    times: [
      [1010, 5],
      [2020, 9],
    ],
    wrong: 1,
  });
});
