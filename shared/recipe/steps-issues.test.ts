import { expect, test } from "vitest";
import { parseStepsFile } from "./steps-file.ts";
import { stepsIssues } from "./steps-issues.ts";

test("all issues of a steps file come at once, each at its place", () => {
  const text = [
    "note: 7",
    "size: 2",
    "install:",
    "  - wait: x",
    "  - {wait: y, timoeut: 3}",
    "  - wait: x",
    "    timeout: -3",
  ].join("\n");
  const issues = stepsIssues(text).map(({ from, to, message }) => [text.slice(from, to), message]);
  expect(issues).toEqual([
    ["7", "note is 7: must be a text"],
    ["timoeut", expect.stringContaining("did you mean timeout?")],
    ["-3", expect.stringContaining("install.2.timeout is -3")],
    ["size", expect.stringContaining("unknown key")],
  ]);
});

test.each(["", "note: Tried.\ninstall: [{wait: x}, {type: y}]\n", "install: [\n", "install: [{}]", "5"])(
  "%j has issues exactly if it is refused",
  (text) => {
    const isRefused = () => {
      try {
        return parseStepsFile(text, "a.steps.yaml") === undefined;
      } catch {
        return true;
      }
    };
    expect(stepsIssues(text).length > 0).toBe(isRefused());
  },
);
