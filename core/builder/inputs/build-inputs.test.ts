import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readImageSet } from "../../image-set/image-set.ts";
import { buildInputs } from "./build-inputs.ts";
import { changedInputs, compareInputs } from "./compare-inputs.ts";
import { withInputKinds, withoutTimes } from "./input-kinds.ts";

/** An image set whose files on the data CD are called as its other inputs are. */
function makeSet() {
  const folder = mkdtempSync(join(tmpdir(), "inputs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "conf"));
  const names = ["conf/recipe.yaml", "guest tools", "setup image", "install ISO"];
  for (const name of names) writeFileSync(join(folder, name), name);
  writeFileSync(join(folder, "recipe.yaml"), `cd: ${JSON.stringify(names)}\n`);
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  const set = readImageSet(folder);
  writeFileSync(set.setupImage, "an image");
  return { folder, set };
}

test("files on the data CD with the names of other inputs are told apart from these", async () => {
  const { folder, set } = makeSet();
  const before = await buildInputs(set, "worker");
  expect(changedInputs(before, await buildInputs(set, "worker"))).toEqual([]);
  writeFileSync(join(folder, "conf/recipe.yaml"), "another");
  expect(changedInputs(before, await buildInputs(set, "worker"))).toEqual(["conf/recipe.yaml"]);
});

test.each(["setup", "worker"] as const)(
  "inputs that an earlier version recorded of a %s image are unchanged, and what it did not record is told",
  async (image) => {
    const { set } = makeSet();
    const now = await buildInputs(set, image, {
      choices: { iso: { path: join(set.folder, "install ISO") }, size: 4 },
    });
    const earlier = now
      .filter(({ kind }) => kind !== "tool")
      .map(({ kind, name, digest }) => ({
        name: kind === "cd-file" ? name.replace("conf/", "") : name,
        digest,
      }));
    const changed = compareInputs(withoutTimes(withInputKinds(earlier)), now).filter(({ change }) => change);
    expect(changed.every(({ change }) => change === "not-recorded")).toBe(true);
    const programs = image === "setup" ? ["QEMU"] : ["QEMU", "xorriso", "Go"];
    const large = image === "setup" ? "install ISO" : "setup image";
    expect(changed.map(({ name }) => name)).toEqual([large, ...programs, "Tinsmith"]);
  },
);

test("the size of the worker image's disk is an input of the worker image alone", async () => {
  const { folder, set } = makeSet();
  const before = { setup: await buildInputs(set, "setup"), worker: await buildInputs(set, "worker") };
  writeFileSync(join(folder, "recipe.yaml"), `workerSize: 4\ncd: ${JSON.stringify(set.recipe.cd)}\n`);
  const grown = readImageSet(folder);
  expect(changedInputs(before.worker, await buildInputs(grown, "worker"))).toEqual(["recipe.yaml"]);
  expect(changedInputs(before.setup, await buildInputs(grown, "setup"))).toEqual([]);
});

test("a boot entry is an input of a setup image, from the recipe or as a choice", async () => {
  const { folder, set } = makeSet();
  const iso = { path: join(folder, "install ISO") };
  const before = await buildInputs(set, "setup", { choices: { iso } });
  const chosen = await buildInputs(set, "setup", { choices: { iso, bootEntry: "2" } });
  expect(changedInputs(before, chosen)).toEqual(["boot entry (2 was chosen)"]);

  writeFileSync(join(folder, "recipe.yaml"), 'bootEntry: "2"\ncd: []\n');
  const written = readImageSet(folder);
  const byRecipe = await buildInputs(written, "setup", { choices: { iso } });
  expect(changedInputs(before, byRecipe)).toEqual(["recipe.yaml"]);
  const asWritten = await buildInputs(written, "setup", { choices: { iso, bootEntry: "2" } });
  expect(changedInputs(byRecipe, asWritten)).toEqual([]);
  const byCd = await buildInputs(written, "setup", { choices: { iso, bootEntry: null } });
  expect(changedInputs(byRecipe, byCd)).toEqual(["boot entry (the CD was chosen)"]);
});

test("the steps of a file that the recipe names are the recipe's, and choosing that file is not another choice", async () => {
  const { folder } = makeSet();
  const write = (recipe: string) => {
    writeFileSync(join(folder, "recipe.yaml"), recipe);
    return readImageSet(folder);
  };
  const steps = join(folder, "a.steps.yaml");
  writeFileSync(steps, "install: [{ type: a }]\n");
  const inline = await buildInputs(write("install: [{ type: a }]\n"), "setup");
  const named = write("steps: a.steps.yaml\n");
  expect(changedInputs(inline, await buildInputs(named, "setup"))).toEqual([]);
  expect(changedInputs(inline, await buildInputs(named, "setup", { choices: { steps } }))).toEqual([]);
  writeFileSync(steps, "install: [{ type: b }]\n");
  expect(changedInputs(inline, await buildInputs(readImageSet(folder), "setup"))).toEqual(["recipe.yaml"]);
});

test("a picture that an install step waits for is an input of the setup image, as what it inserts is", async () => {
  const { folder, set } = makeSet();
  for (const name of ["ok.png", "conf/ok.png", "second"]) writeFileSync(join(folder, name), name);
  const install = [
    { region: "ok.png" },
    { region: "ok.png" },
    { region: "conf/ok.png" },
    { insert: "second" },
  ];
  const stepped = { ...set, recipe: { ...set.recipe, install } };
  const before = await buildInputs(stepped, "setup");
  for (const name of ["conf/ok.png", "second"]) {
    writeFileSync(join(folder, name), "another");
    expect(changedInputs(before, await buildInputs(stepped, "setup"))).toEqual([name]);
    writeFileSync(join(folder, name), name);
  }
});
