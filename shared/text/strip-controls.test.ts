import { expect, test } from "vitest";
import { stripControls } from "./strip-controls.ts";

test("nothing that a terminal would obey is left in plain output", () => {
  expect(stripControls("\x1b[31mred\x1b[0m \x1b]0;title\x07\ttab\r\x9b2J \x1b(Bé")).toBe("red \ttab é");
});
