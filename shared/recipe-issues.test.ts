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
    ["-3", "install.0.timeout is -3: must be seconds, more than 0"],
    ["guestTools", expect.stringContaining("guestTools.binary is missing")],
    ["../x.tar.lz4", expect.stringContaining("must be a file name")],
    ["intrenet", "intrenet is true: unknown key; did you mean internet?"],
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
