import { expect, test } from "vitest";
import { offsetText } from "./offset-text.ts";

test.each([
  [-5, "0.0 s"],
  [3_240, "3.2 s"],
  [59_960, "1:00.0"],
  [64_510, "1:04.5"],
  [7_400_000, "2:03:20"],
])("%i ms since the start are %s", (milliseconds, text) => {
  expect(offsetText(milliseconds)).toBe(text);
});
