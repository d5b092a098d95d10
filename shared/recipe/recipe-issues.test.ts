import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRecipe } from "./recipe.ts";
import { recipeIssues } from "./recipe-issues.ts";

/** Each issue as the part of the text that it is about, and its message. */
function issues(text: string): [string, string][] {
  return recipeIssues(text).map(({ from, to, message }) => [text.slice(from, to), message]);
}

test("a recipe without issues has none", () => {
  expect(issues("size: 2\ncd: [setup.sh]\n")).toEqual([]);
  expect(issues("")).toEqual([]);
});

test("all issues come at once, each at its place", () => {
  const text = [
    "size: 70 # GiB",
    "intrenet: true",
    "install:",
    "  - {wait: x, timeout: -3}",
    "outputs:",
    "  setup: ../x.tar.lz4",
    "guestTools: {}",
  ].join("\n");
  expect(issues(text)).toEqual([
    ["70", "size is 70: must be a whole number of GiB from 1 to 49"],
    ["-3", "install.0.timeout is -3: must be a number of seconds, above 0 and at most 604800"],
    ["guestTools", expect.stringContaining("guestTools.binary is missing")],
    ["../x.tar.lz4", expect.stringContaining("must be a file name")],
    ["intrenet", "intrenet is true: unknown key; did you mean internet?"],
  ]);
});

test("names that can't be together are issues too, each at its place, beside all others", () => {
  const text = [
    "size: 70",
    "cd: [setup.sh, sub/SETUP.sh, Guest-Tools, 5]",
    "outputs: {setup: one.tar.lz4, worker: One.tar.lz4, wroker: two.tar.lz4}",
  ].join("\n");
  expect(issues(text)).toEqual([
    ["70", expect.stringContaining("size is 70")],
    ["5", expect.stringContaining("cd.3 is 5")],
    ["wroker", expect.stringContaining("did you mean worker?")],
    ["One.tar.lz4", expect.stringContaining("must differ from the other image's one.tar.lz4")],
    ["sub/SETUP.sh", expect.stringContaining("must have another name on the CD than cd.0")],
    ["Guest-Tools", expect.stringContaining("must not be called guest-tools")],
  ]);
});

test("a text that is no YAML has one issue, where reading ends", () => {
  expect(issues('cd: [a\n"b\\q"')).toEqual([[expect.any(String), expect.any(String)]]);
  expect(issues("size: 1\nsize: 2")).toEqual([["size", expect.stringContaining("unique")]]);
  expect(issues("a: *b")).toEqual([["a", expect.stringContaining("Unresolved alias")]]);
  expect(issues("a list")).toEqual([["a list", "must be an object"]]);
});

test("what has issues is what is refused, and places are in the text", () => {
  const line = fc.constantFrom(
    "size: 2",
    "size: big",
    "cd: [setup.sh]",
    "cd: setup.sh",
    "internet: true",
    "iso: {path: a.iso}",
    "iso: {pth: a.iso}",
    "iso:\n  url: x",
    "install:\n  - type: x\n  - wiat: y",
    "done: [",
    "outputs:",
    "outputs: {setup: a.tar.lz4, worker: a.tar.lz4}",
    "cd: [a, b/a]",
    "- x",
    "\t",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = lines.join("\n");
      const found = recipeIssues(text);
      for (const { from, to } of found) expect(0 <= from && from <= to && to <= text.length).toBe(true);
      if (found.length === 0) parseRecipe(text);
      else expect(() => parseRecipe(text)).toThrow();
    }),
  );
});
