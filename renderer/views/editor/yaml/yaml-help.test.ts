import { expect, test } from "vitest";
import { recipeSchema } from "../../../../shared/recipe/recipe.ts";
import { rulesFileSchema } from "../../../../shared/rules/rules-file.ts";
import { createYamlHelp } from "./yaml-help.ts";

const recipe = createYamlHelp(recipeSchema);
const rules = createYamlHelp(rulesFileSchema);

/** The words that are suggested at the bar in a text, and what of the text they replace. */
function suggestions(marked: string, help = recipe) {
  const position = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { from, words } = help.suggest(text, position);
  return { written: text.slice(from, position), words: words.map(({ word }) => word) };
}

const steps = [
  "wait",
  "screen",
  "region",
  "click",
  "type",
  "keys",
  "press",
  "insert",
  "eject",
  "reset",
  "checkpoint",
  "timeout",
  "tolerance",
];
const afterSize = [
  "workerSize",
  "machine",
  "internet",
  "console",
  "install",
  "steps",
  "variables",
  "cd",
  "guestTools",
  "done",
  "outputs",
  "matrix",
];

test.each([
  ["|", "", ["iso", "bootEntry", "size", ...afterSize]],
  ["size: 1\ninst|", "inst", ["iso", "bootEntry", ...afterSize]],
  ["guestTools:\n  binary: x\n  |\n", "", ["build", "inputs", "env", "run"]],
  ["guestTools:\n  |", "", ["build", "inputs", "env", "binary", "run"]],
  ["outputs:\n\n  # which\n  se|", "se", ["setup", "worker"]],
  ["outputs: {setup: x.tar.lz4, w|", "w", ["worker"]],
  ["iso: {|", "", ["path", "url", "sha256", "build", "inputs", "env"]],
  ["install:\n  - |", "", steps],
  ["install:\n- wait: x\n  time|", "time", steps],
  ["install:\n  - wait: x\n  - {ty|", "ty", steps],
  ["internet: |", "", ["true", "false"]],
  ["internet: t|\nsize: 1", "t", ["true", "false"]],
  ["size: |", "", ["1"]],
  ["machine: |", "", ["machine.json"]],
  ["cd:\n  - |", "", []],
  ["colour:\n  |", "", []],
])("at the bar in %j", (marked, written, words) => {
  expect(suggestions(marked)).toEqual({ written, words });
});

test("a key is explained wherever the pointer is in it", () => {
  const text = "size: 1\ninstall:\n  - wait: x\n    timeout: 3\n  - {type: y}\n";
  const explain = (word: string) => recipe.explain(text, text.indexOf(word) + 2)?.help;
  expect(explain("size")).toBe("Size of the disk in GiB.");
  expect(explain("wait")).toContain("Waits for");
  expect(explain("timeout")).toContain("Seconds");
  expect(explain("type")).toContain("Types this line");
  expect(recipe.explain(text, text.indexOf(" 1") + 1)).toBeUndefined();
  expect(recipe.explain("colour: red", 2)).toBeUndefined();
});

test.each([
  ["|", "", ["seed", "rules"]],
  ["rules:\n  - na|", "na", ["name", "when", "steps", "times"]],
  ["rules:\n  - name: a\n    when: {from: h|", "h", ["guest", "host"]],
  [
    "rules:\n  - name: a\n    when:\n      endpoint: |",
    "",
    ["execute", "log", "success", "failed", "poll", "reply", "ping", "other"],
  ],
  [
    "rules:\n  - name: a\n    steps:\n      - |",
    "",
    ["hold", "edit", "delay", "throttle", "split", "cut", "answer", "drop", "repeat"],
  ],
  ["rules:\n  - name: a\n    steps:\n      - hold: |", "", ["true"]],
  ["rules:\n  - name: a\n    times: |", "", ["always"]],
])("in rules, at the bar in %j", (marked, written, words) => {
  expect(suggestions(marked, rules)).toEqual({ written, words });
});
