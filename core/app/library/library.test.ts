import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeChanges } from "../../../shared/library/describe-changes.ts";
import type { ImageSlot } from "../../../shared/library/library.ts";
import { eventually } from "../../../tests/eventually.ts";
import { rememberBuild } from "../../builder/freshness/build-records.ts";
import { buildInputs } from "../../builder/inputs/build-inputs.ts";
import type { SetupChoices } from "../../builder/inputs/setup-choices.ts";
import { digestText } from "../../files/digest.ts";
import { readImageSet } from "../../image-set/image-set.ts";
import { findPaths } from "../../storage/paths.ts";
import { createLibraryReader } from "./library.ts";

/** A workspace with one image set, whose images are files that were "built" a while ago. */
function makeWorkshop() {
  const home = mkdtempSync(join(tmpdir(), "library-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const workspace = join(home, "images");
  const folder = join(workspace, "small");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "recipe.yaml"), "iso: {path: small.iso}\ncd: [setup.sh]\n");
  writeFileSync(join(folder, "small.iso"), "an ISO");
  writeFileSync(join(folder, "setup.sh"), "true");
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const build = async (image: "setup" | "worker", choices: SetupChoices = {}) => {
    const set = readImageSet(folder);
    const path = image === "setup" ? set.setupImage : set.workerImage;
    writeFileSync(path, image);
    const inputs = [...(await buildInputs(set, image, { choices }))];
    const record = { session: "s1", finished: 1000, milliseconds: 10, steps: { boot: 5 }, inputs };
    rememberBuild(paths, path, digestText(image), record);
    return path;
  };
  const look = async (building = (_archive: string): string | undefined => undefined) => {
    using reader = createLibraryReader(paths);
    const places = { workspaces: [workspace], archives: [] };
    return await eventually(async () => {
      const [set] = (await reader.read(places, building)).sets;
      if (!set?.setup.stale || !set.worker.stale) throw new Error("the inputs are still being read");
      return set;
    });
  };
  return { home, paths, workspace, folder, write, build, look };
}

/** Names what has changed. */
function names(slot: ImageSlot | undefined): readonly string[] | undefined {
  return slot?.stale?.map(({ name }) => name);
}

test("a set that was never built has two empty slots", async () => {
  const { look, folder } = makeWorkshop();
  expect(await look()).toMatchObject({
    name: "small",
    folder,
    hasIso: true,
    hasSteps: false,
    files: ["recipe.yaml", "machine.json", "setup.sh"].map((name) => ({ path: join(folder, name) })),
    setup: { stale: [] },
    worker: { stale: [] },
  });
  expect((await look()).worker.archive).toBeUndefined();
});

test("an archive that was built here has its digest, and is up to date", async () => {
  const { look, build } = makeWorkshop();
  await build("setup");
  const path = await build("worker");
  const { worker } = await look();
  expect(worker.archive).toMatchObject({
    path,
    size: 6,
    digest: digestText("worker"),
    record: { session: "s1" },
  });
  expect(worker.stale).toEqual([]);
});

test.each([
  ["setup.sh", "worker", (folder: string) => writeFileSync(join(folder, "setup.sh"), "false")],
  ["machine.json", "setup", (folder: string) => writeFileSync(join(folder, "machine.json"), "{}")],
  ["install ISO", "setup", (folder: string) => writeFileSync(join(folder, "small.iso"), "a newer ISO")],
  [
    "recipe.yaml",
    "worker",
    (folder: string) =>
      writeFileSync(join(folder, "recipe.yaml"), "iso: {path: small.iso}\ncd: [setup.sh]\ndone: ok"),
  ],
] as const)("a change of %s makes the %s image stale, and only that", async (name, image, change) => {
  const { look, build, folder } = makeWorkshop();
  await build("setup");
  await build("worker");
  change(folder);
  const set = await look();
  expect(names(set[image])).toEqual([name]);
  expect(names(set[image === "setup" ? "worker" : "setup"])).toEqual([]);
});

test("a new setup image makes the worker image stale", async () => {
  const { look, build } = makeWorkshop();
  const setup = await build("setup");
  await build("worker");
  writeFileSync(setup, "another setup image");
  expect(names((await look()).worker)).toEqual(["setup image"]);
});

test("an archive that somebody put in place of the one that was built is not taken for it, and is stale", async () => {
  const { look, build } = makeWorkshop();
  await build("setup");
  writeFileSync(await build("worker"), "another one");
  const { worker } = await look();
  expect(worker.archive?.record).toBeUndefined();
  expect(describeChanges(worker.stale ?? [])).toBe("the archive is not the one that was built");
});

test("an archive without an image set that was only touched is still the one that was built", async () => {
  const { paths, build } = makeWorkshop();
  const path = await build("worker");
  utimesSync(path, 1, 1);
  using reader = createLibraryReader(paths);
  await eventually(async () => {
    const { archives } = await reader.read({ workspaces: [], archives: [path] }, () => undefined);
    expect(archives).toMatchObject([{ path, record: { session: "s1" } }]);
  });
});

test("an archive that was only touched is still the one that was built", async () => {
  const { look, build } = makeWorkshop();
  await build("setup");
  utimesSync(await build("worker"), 1, 1);
  const { worker } = await look();
  expect(worker).toMatchObject({ stale: [], archive: { record: { session: "s1" } } });
});

test("an archive that was never built here is not stale", async () => {
  const { look, folder, write } = makeWorkshop();
  write("small-worker.tar.lz4", "an image");
  expect(await look()).toMatchObject({
    worker: { stale: [], archive: { path: join(folder, "small-worker.tar.lz4") } },
  });
});

test("an input that is gone is said", async () => {
  const { look, build, folder } = makeWorkshop();
  await build("setup");
  rmSync(join(folder, "small.iso"));
  expect(names((await look()).setup)).toEqual(["install ISO"]);
});

test.each<[SetupChoices, string]>([
  [{ size: 4 }, "disk size (4 GiB was chosen)"],
  [{ machine: "other.json" }, "machine definition (other.json was chosen)"],
  [{ iso: { path: "other.iso" } }, "install ISO (other.iso was chosen)"],
  [{ byHand: true }, "install steps (a person installed)"],
])(
  "a setup image that was built with %o is not up to date, and the reason is named",
  async (choices, name) => {
    const { look, build, folder, write } = makeWorkshop();
    const paths = { "other.json": '{"version": 1, "cores": 2}', "other.iso": "another ISO" };
    for (const [path, text] of Object.entries(paths)) write(path, text);
    write("recipe.yaml", "iso: {path: small.iso}\ncd: [setup.sh]\ninstall: [{type: poweroff}]");
    const machine = choices.machine && join(folder, choices.machine);
    await build("setup", { ...choices, ...(machine && { machine }) });
    expect(names((await look()).setup)).toEqual([name]);
  },
);

test("choices that are the same as the recipe's, or that it leaves to a person, make no difference", async () => {
  const { look, build, folder, write } = makeWorkshop();
  write("recipe.yaml", "cd: [setup.sh]");
  await build("setup", {
    iso: { path: "small.iso" },
    machine: join(folder, "machine.json"),
    size: 1,
    byHand: true,
  });
  expect(names((await look()).setup)).toEqual([]);
});

test("a slot says which session builds it", async () => {
  const { look } = makeWorkshop();
  const building = (archive: string) => (archive.endsWith("worker.tar.lz4") ? "s7" : undefined);
  expect((await look(building)).worker.building).toBe("s7");
});

test("a set whose recipe is wrong is there, with what is wrong", async () => {
  const { look, folder } = makeWorkshop();
  writeFileSync(join(folder, "recipe.yaml"), "colour: red");
  expect((await look()).problem).toMatchObject({
    code: "invalid-recipe",
    details: [expect.stringContaining("colour")],
  });
});

test("folders without a recipe are no image sets, and a workspace may be gone", async () => {
  const { paths, workspace, home } = makeWorkshop();
  cpSync(join(workspace, "small", "small.iso"), join(workspace, "stray.iso"));
  mkdirSync(join(workspace, "notes"));
  const places = { workspaces: [workspace, join(home, "gone")], archives: [join(home, "gone.tar.lz4")] };
  using reader = createLibraryReader(paths);
  const library = await reader.read(places, () => undefined);
  expect(library.sets.map(({ name }) => name)).toEqual(["small"]);
  expect(library.archives[0]?.problem?.code).toBe("missing-file");
});

/** A reader of a workshop's library, whose images are up to date, with what it says of the worker image. */
async function watchWorkshop() {
  const workshop = makeWorkshop();
  await workshop.build("setup");
  await workshop.build("worker");
  const reader = createLibraryReader(workshop.paths);
  onTestFinished(() => reader[Symbol.dispose]());
  const read = async () => {
    const places = { workspaces: [workshop.workspace], archives: [] };
    return (await reader.read(places, () => undefined)).sets;
  };
  const says = (stale: readonly string[]) =>
    eventually(async () => expect(names((await read())[0]?.worker)).toEqual(stale));
  await says([]);
  return { ...workshop, reader, read, says };
}

test("a change on disk is told, and found", async () => {
  const { reader, says, write } = await watchWorkshop();
  const { signal } = new AbortController();
  // The first look begins the watch; the second one finds what was changed between.
  await says([]);
  write("setup.sh", "false");
  await reader.changed(signal);
  await says(["setup.sh"]);
  write("setup.sh", "true");
  await reader.changed(signal);
  await says([]);
});

test("sets that are new or gone are found", async () => {
  const { workspace, folder, read } = await watchWorkshop();
  cpSync(folder, join(workspace, "large"), { recursive: true });
  await eventually(async () => expect((await read()).map(({ name }) => name)).toEqual(["large", "small"]));
  rmSync(folder, { recursive: true });
  await eventually(async () => expect((await read()).map(({ name }) => name)).toEqual(["large"]));
});

test("a file for the CD may become a named pipe while the library is watched", async () => {
  const { folder, says } = await watchWorkshop();
  rmSync(join(folder, "setup.sh"));
  execFileSync("mkfifo", [join(folder, "setup.sh")]);
  await says(["setup.sh"]);
});

test("while a large file is read, a set is shown without what is out of date", async () => {
  const { folder, read, says } = await watchWorkshop();
  truncateSync(join(folder, "setup.sh"), 64 * 1024 ** 2);
  await eventually(async () => {
    const [set] = await read();
    expect(set).toMatchObject({ name: "small", setup: { archive: {} } });
    expect(set?.worker.stale).toBeUndefined();
  });
  await says(["setup.sh"]);
});

test("a look at some places that is under way does not answer for others", async () => {
  const { paths, workspace } = makeWorkshop();
  using reader = createLibraryReader(paths);
  const nowhere = reader.read({ workspaces: [], archives: [] }, () => undefined);
  const there = await reader.read({ workspaces: [workspace], archives: [] }, () => undefined);
  expect(there.sets).toHaveLength(1);
  await nowhere;
});
