import { expect, test } from "vitest";
import { rulesIssues } from "./rules-issues.ts";

/** Each issue as the part of the text that it is about, and its message. */
function issues(text: string): [string, string][] {
  return rulesIssues(text).map(({ from, to, message }) => [text.slice(from, to), message]);
}

test("rules without issues have none", () => {
  expect(issues("rules:\n  - name: a\n    steps: [{hold: true}]\n")).toEqual([]);
});

test("each issue is at its place, and what is missing at its owner", () => {
  const text = "seed: 0\nrules:\n  - name: a\n    when: {endpoint: pol, from: guest}\n    step: []\n";
  expect(issues(text)).toEqual([
    ["0", "seed is 0: must be a whole number from 1 to 2147483648"],
    ["pol", expect.stringContaining('rules.0.when.endpoint is "pol"')],
    [expect.stringContaining("name: a"), "rules.0.steps is missing: must be a list of steps"],
    ["step", "rules.0.step is a list: unknown key; did you mean steps?"],
  ]);
  expect(issues("")).toEqual([[expect.any(String), "rules is missing: must be a list of rules"]]);
});
