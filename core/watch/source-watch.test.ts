import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { letTimePass } from "../../tests/let-time-pass.ts";
import { type SourceChange, watchSources } from "./source-watch.ts";
import { changedFiles, createSourceFinder, createWatchedFiles } from "./watched-files.ts";

/** An image set with guest tools of its own, and the changes that a watch of it sees. */
async function start(guestTools = "{build: [./build.sh, main.c], binary: tools}") {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("recipe.yaml", `cd: [setup.sh]\nguestTools: ${guestTools}\n`);
  for (const name of ["machine.json", "setup.sh", "build.sh", "main.c", "tools", "other.txt"])
    write(name, "1");
  write("scenarios/one.yaml", "1");
  const stop = new AbortController();
  const changes: SourceChange[] = [];
  const ready = Promise.withResolvers<void>();
  const scenarios = [join(folder, "scenarios/one.yaml")];
  const files = createWatchedFiles(folder, createSourceFinder({ folder, scenarios }));
  const follow = async () => {
    for await (const change of watchSources(files, stop.signal, ready.resolve)) changes.push(change);
  };
  const followed = follow();
  onTestFinished(async () => {
    stop.abort();
    await followed;
    rmSync(folder, { recursive: true });
  });
  await ready.promise;
  return { folder, write, changes, names: () => changes.map(({ changed }) => changed) };
}

test.each([
  ["recipe.yaml"],
  ["machine.json"],
  ["setup.sh"],
  ["build.sh"],
  ["main.c"],
  ["scenarios/one.yaml"],
])("it sees a change of %s", async (name) => {
  const { write, names } = await start();
  write(name, name === "recipe.yaml" ? "cd: []\n" : "2");
  await eventually(() => expect(names()).toEqual([[name]]));
});

test("a changed file of another folder has the name that the recipe has for it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ["small", "other"]) mkdirSync(join(folder, name));
  const set = join(folder, "small");
  writeFileSync(join(set, "recipe.yaml"), "cd: [../other/setup.sh]\nguestTools: {binary: tools}\n");
  for (const name of ["machine.json", "tools", "../other/setup.sh"]) writeFileSync(join(set, name), "1");
  const files = createWatchedFiles(set, createSourceFinder({ folder: set, scenarios: [] }));
  const names = Object.keys((await files.take()).files).map(files.nameOf);
  expect(names).toEqual(["recipe.yaml", "machine.json", "../other/setup.sh", "tools"]);
});

test("inputs that the recipe lists are watched in place of the build command's files", async () => {
  const { write, names } = await start("{build: [./build.sh, main.c], inputs: [other.txt], binary: tools}");
  write("main.c", "2");
  write("other.txt", "2");
  await eventually(() => expect(names()).toEqual([["other.txt"]]));
});

test("the steps file that the recipe names is watched", async () => {
  const { write, names } = await start();
  write("mine.steps.yaml", "install: [{ type: a }]\n");
  write("recipe.yaml", "steps: mine.steps.yaml\n");
  await eventually(() => expect(names()).toEqual([["recipe.yaml"]]));
  write("mine.steps.yaml", "install: [{ type: b }]\n");
  await eventually(() => expect(names().at(-1)).toEqual(["mine.steps.yaml"]));
});

test("files that were saved together are one change", async () => {
  const { write, changes } = await start();
  const before = Date.now();
  for (const name of ["setup.sh", "main.c", "build.sh"]) write(name, "2");
  await eventually(() => expect(changes.length).toBeGreaterThan(0));
  expect(changes).toEqual([{ changed: ["setup.sh", "build.sh", "main.c"], saved: expect.any(Number) }]);
  expect(Math.abs((changes[0]?.saved ?? 0) - before)).toBeLessThan(1_000);
});

test("it sees a file that an editor replaces by renaming another one", async () => {
  const { folder, write, names } = await start();
  write(".setup.sh.swp", "2");
  write("setup.sh~", "2");
  write("4913", "2");
  renameSync(join(folder, "setup.sh~"), join(folder, "setup.sh"));
  await eventually(() => expect(names()).toEqual([["setup.sh"]]));
});

test("a file that goes and comes back is seen", async () => {
  const { folder, write, names } = await start();
  rmSync(join(folder, "main.c"));
  await eventually(() => expect(names()).toEqual([["main.c"]]));
  write("main.c", "1");
  await eventually(() => expect(names()).toEqual([["main.c"], ["main.c"]]));
});

test("neither a save without a change, nor other files, nor what is built counts", async () => {
  const { folder, write, names } = await start();
  write("setup.sh", "1");
  utimesSync(join(folder, "machine.json"), 1, 1);
  write("other.txt", "2");
  write("tools", "2");
  // Longer than the quiet time and the interval of looks.
  await letTimePass(1_500);
  write("main.c", "2");
  await eventually(() => expect(names()).toEqual([["main.c"]]));
});

test("while the recipe can't be read, the files that it named are watched still", async () => {
  const { write, names } = await start();
  write("recipe.yaml", "cd: [");
  await eventually(() => expect(names()).toEqual([["recipe.yaml"]]));
  write("setup.sh", "2");
  await eventually(() => expect(names()).toEqual([["recipe.yaml"], ["setup.sh"]]));
});

test("without guest tools in the recipe, the sources of Tinsmith's own are watched, without what editors leave", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "recipe.yaml"), "{}");
  const files = createWatchedFiles(folder, createSourceFinder({ folder, scenarios: [] }));
  const names = Object.keys((await files.take()).files).map(files.nameOf);
  expect(names).toContain("internal/agent/agent.go");
  expect(names).toContain("main.go");
});

test("a folder is watched with all that is in it, but for hidden files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, ".git"));
  mkdirSync(join(folder, "deep/er"), { recursive: true });
  for (const name of [".git/index", "deep/er/a.go", "deep/.a.go.swp", "deep/a.go~", "deep/#a.go#"])
    writeFileSync(join(folder, name), "");
  const { files, folders } = await createWatchedFiles(folder, () => [folder]).take();
  expect(Object.keys(files)).toEqual([join(folder, "deep/er/a.go")]);
  expect(folders).toEqual([folder, join(folder, "deep"), join(folder, "deep/er")]);
});

test("a file behind a link in a watched folder is watched where it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  const other = mkdtempSync(join(tmpdir(), "shared-"));
  onTestFinished(() => {
    for (const path of [folder, other]) rmSync(path, { recursive: true });
  });
  const target = join(other, "shared.go");
  writeFileSync(target, "one");
  symlinkSync(target, join(folder, "link.go"));
  const watched = createWatchedFiles(folder, () => [folder]);
  const before = await watched.take();
  expect(before.folders).toContain(other);
  writeFileSync(target, "two");
  expect(changedFiles(before, await watched.take())).toEqual([target]);
});
