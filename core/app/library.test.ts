import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ImageSet } from "../../shared/library.ts";
import { buildInputs } from "../build/build-inputs.ts";
import { rememberBuild } from "../build/build-records.ts";
import { readImageSet } from "../build/image-set.ts";
import { findPaths } from "../paths.ts";
import { readLibrary } from "./library.ts";

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
  const build = (image: "setup" | "worker") => {
    const set = readImageSet(folder);
    const path = image === "setup" ? set.setupImage : set.workerImage;
    writeFileSync(path, image);
    const record = { session: "s1", finished: 1000, milliseconds: 10, steps: { boot: 5 } };
    rememberBuild(paths, path, "d".repeat(64), { ...record, inputs: [...buildInputs(set, image)] });
    return path;
  };
  const look = (building = (_archive: string): string | undefined => undefined) =>
    readLibrary(paths, { workspaces: [workspace], archives: [] }, building).sets[0] as ImageSet;
  return { home, paths, workspace, folder, build, look };
}

test("a set that was never built has two empty slots", () => {
  const { look, folder } = makeWorkshop();
  expect(look()).toMatchObject({
    name: "small",
    folder,
    hasIso: true,
    files: ["recipe.yaml", "machine.json", "setup.sh"].map((name) => ({ path: join(folder, name) })),
    setup: { stale: [] },
    worker: { stale: [] },
  });
  expect(look().worker.archive).toBeUndefined();
});

test("an archive that was built here has its digest, and is up to date", () => {
  const { look, build } = makeWorkshop();
  build("setup");
  const path = build("worker");
  const { worker } = look();
  expect(worker.archive).toMatchObject({ path, size: 6, digest: "d".repeat(64), record: { session: "s1" } });
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
] as const)("a change of %s makes the %s image stale, and only that", (name, image, change) => {
  const { look, build, folder } = makeWorkshop();
  build("setup");
  build("worker");
  change(folder);
  const set = look();
  expect(set[image].stale).toEqual([name]);
  expect(set[image === "setup" ? "worker" : "setup"].stale).toEqual([]);
});

test("a new setup image makes the worker image stale", () => {
  const { look, build } = makeWorkshop();
  const setup = build("setup");
  build("worker");
  utimesSync(setup, 1, 1);
  expect(look().worker.stale).toEqual(["setup image"]);
});

test("an archive that was put there by somebody else is not taken for the one that was built", () => {
  const { look, build } = makeWorkshop();
  build("setup");
  writeFileSync(build("worker"), "another one");
  expect(look().worker.archive?.record).toBeUndefined();
  expect(look().worker.stale).toEqual([]);
});

test("an input that is gone is said", () => {
  const { look, build, folder } = makeWorkshop();
  build("setup");
  rmSync(join(folder, "small.iso"));
  expect(look().setup.stale).toEqual(["install ISO"]);
});

test("a slot says which session builds it", () => {
  const { look } = makeWorkshop();
  expect(look((archive) => (archive.endsWith("worker.tar.lz4") ? "s7" : undefined)).worker.building).toBe(
    "s7",
  );
});

test("a set whose recipe is wrong is there, with what is wrong", () => {
  const { look, folder } = makeWorkshop();
  writeFileSync(join(folder, "recipe.yaml"), "colour: red");
  expect(look().problem).toMatchObject({
    code: "invalid-recipe",
    details: [expect.stringContaining("colour")],
  });
});

test("folders without a recipe are no image sets, and a workspace may be gone", () => {
  const { paths, workspace, home } = makeWorkshop();
  cpSync(join(workspace, "small", "small.iso"), join(workspace, "stray.iso"));
  mkdirSync(join(workspace, "notes"));
  const places = { workspaces: [workspace, join(home, "gone")], archives: [join(home, "gone.tar.lz4")] };
  const library = readLibrary(paths, places, () => undefined);
  expect(library.sets.map(({ name }) => name)).toEqual(["small"]);
  expect(library.archives[0]?.problem?.code).toBe("missing-file");
});
