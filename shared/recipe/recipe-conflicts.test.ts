import { expect, test } from "vitest";
import { recipeConflicts } from "./recipe-conflicts.ts";

/** The places and messages of a recipe's conflicts. */
function conflicts(content: unknown, set = "small"): [string, string][] {
  return recipeConflicts(content, set).map(({ path, message }) => [path.join("."), message]);
}

test("a recipe as most are has no conflicts", () => {
  const recipe = {
    iso: { path: "core.iso" },
    machine: "machine.json",
    cd: ["../tinycore/setup.sh", "worker.sh", "small-setup.tar.lz4"],
    guestTools: { binary: "tools" },
    outputs: { worker: "worker.tar.zst" },
  };
  expect(conflicts(recipe)).toEqual([]);
  expect(conflicts({})).toEqual([]);
});

test.each([
  [{ setup: "one.tar.lz4", worker: "one.tar.lz4" }, "outputs.worker"],
  [{ setup: "one.tar.lz4", worker: "ONE.tar.lz4" }, "outputs.worker"],
  [{ setup: "\u00e9.tar.lz4", worker: "e\u0301.tar.lz4" }, "outputs.worker"],
  [{ setup: "small-worker.tar.lz4" }, "outputs.setup"],
  [{ worker: "Small-setup.tar.lz4" }, "outputs.worker"],
])("two images with one name are refused: %o", (outputs, place) => {
  expect(conflicts({ outputs })).toEqual([[place, expect.stringContaining("must differ from")]]);
});

test.each([
  [
    { cd: ["setup.sh", "./sub/../one.tar.lz4"], outputs: { worker: "one.tar.lz4" } },
    "outputs.worker",
    "cd.1",
  ],
  [{ cd: ["../small/small-worker.tar.lz4"] }, "outputs.worker", "cd.0"],
  [{ steps: "a.tar.lz4", outputs: { setup: "a.tar.lz4" } }, "outputs.setup", "steps"],
  [{ iso: { path: "a.tar.lz4" }, outputs: { setup: "a.tar.lz4" } }, "outputs.setup", "iso.path"],
  [
    { guestTools: { binary: "a.tar.lz4" }, outputs: { worker: "a.tar.lz4" } },
    "outputs.worker",
    "guestTools.binary",
  ],
])("an image is not written over what the recipe reads: %o", (recipe, place, key) => {
  expect(conflicts(recipe)).toEqual([
    [place, expect.stringContaining(`that the recipe reads: ${key} names it`)],
  ]);
});

test("a set's name that is too long for the archives' names is refused unless these are given", () => {
  const set = "a".repeat(250);
  expect(conflicts({}, set).map(([place]) => place)).toEqual(["outputs.setup", "outputs.worker"]);
  expect(conflicts({ outputs: { setup: "a.tar.lz4", worker: "b.tar.lz4" } }, set)).toEqual([]);
});

const long = "a".repeat(70);

test.each([
  [["setup.sh", "sub/setup.sh"], "cd.1", "than cd.0"],
  [["setup.sh", "setup.sh"], "cd.1", "than cd.0"],
  [["a", "b", "B"], "cd.2", "than cd.1 (for some systems"],
  [["a:b", "a_b"], "cd.1", "than cd.0 (for some systems"],
  [[`${long}x.sh`, `${long}y.sh`], "cd.1", "than cd.0 (for some systems"],
  [["guest-tools"], "cd.0", "must not be called guest-tools"],
  [["sub/Start-Guest-Tools/"], "cd.0", "must not be called start-guest-tools"],
  [[".."], "cd.0", "must be the path of a file"],
  [["a/."], "cd.0", "must be the path of a file"],
])("files for the CD that can't be on it together are refused: %o", (cd, place, message) => {
  expect(conflicts({ cd })).toEqual([[place, expect.stringContaining(message)]]);
});

test("names that Joliet keeps apart are fine, and so is what is not a name", () => {
  const cd = ["a.sh", "a.py", `${long.slice(10)}x.sh`, `${long.slice(10)}y.sh`, 5, null];
  expect(conflicts({ cd })).toEqual([]);
  for (const content of [null, 1, "cd", { cd: "a", outputs: [] }, { cd: {}, outputs: "x" }])
    expect(conflicts(content)).toEqual([]);
});

test("install steps in the recipe and in a file are refused", () => {
  expect(conflicts({ install: [{ type: "a" }], steps: "a.steps.yaml" })).toEqual([
    ["steps", "must not be beside install, which has steps already"],
  ]);
  expect(conflicts({ steps: "a.steps.yaml" })).toEqual([]);
});
