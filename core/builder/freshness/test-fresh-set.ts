import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { describeChanges } from "../../../shared/library/describe-changes.ts";
import type { ImageKind } from "../../../shared/library/library.ts";
import type { BuildEvent } from "../../../shared/session/build.ts";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { writeImage } from "../../image/test-fixtures.ts";
import { readImageSet } from "../../image-set/image-set.ts";
import { emptyIso } from "../../iso/test-iso-files.ts";
import { findPaths } from "../../storage/paths.ts";
import { rebuildSetup, rebuildWorker } from "../rebuild-images.ts";
import { judgeRebuild } from "./judge-rebuild.ts";

/** Its build commands have programs on the PATH and of the recipe's, inputs and variables. */
export const buildingRecipe = `cd: [setup.sh, lib]
iso: {build: [./make-iso, "a"], inputs: [parts], env: [ISO_KIND]}
install: [{type: poweroff}]
guestTools: {build: [compile, -O1], inputs: [src], env: [CFLAGS_OF_TEST], binary: out/tools, run: [a]}
`;

/** Bytes of a file whose digest is kept from one process to the next. */
const large = 400 * 1024;

/** A program that does nothing but what its lines say. */
export const script = (...lines: string[]) => ["#!/bin/sh", ...lines, ""].join("\n");

/** An image set with all kinds of inputs, and programs of its own on the PATH. */
export async function makeFreshSet(text = buildingRecipe) {
  const home = mkdtempSync(join(tmpdir(), "freshness-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });
  const folder = join(home, "small");
  const programs = join(home, "programs");
  for (const path of ["src", "parts", "out"]) mkdirSync(join(folder, path), { recursive: true });
  mkdirSync(programs);
  const write = (path: string, content: string) => writeFileSync(join(folder, path), content);
  const program = (path: string, content: string) => {
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  };
  write("recipe.yaml", text);
  write("machine.json", '{"version": 1}');
  for (const path of ["setup.sh", "lib"]) write(path, `original of ${path}`);
  for (const path of ["src/main.c", "parts/one"]) write(path, path.repeat(large / 10));
  const iso = join(programs, "empty.iso");
  writeFileSync(iso, emptyIso());
  program(join(folder, "make-iso"), script(`cat ${iso} parts/* >"$2"`));
  program(
    join(programs, "compile"),
    script('cat src/* >out/tools; printf "%s" "$CFLAGS_OF_TEST" >>out/tools'),
  );
  program(join(programs, "qemu"), script("exit 1", "#".repeat(large)));
  program(join(programs, "xorriso"), script('exec /usr/bin/xorriso "$@"'));
  vi.stubEnv("PATH", [programs, process.env.PATH].join(delimiter));
  vi.stubEnv("TINSMITH_QEMU", join(programs, "qemu"));
  vi.stubEnv("CFLAGS_OF_TEST", "-g");
  vi.stubEnv("ISO_KIND", "small");
  const paths = findPaths({ TINSMITH_HOME: join(home, "home") });
  const set = readImageSet(folder);
  mkdirSync(join(home, "image"));
  await writeImage(join(home, "image"));
  await packArchive({ folder: join(home, "image"), target: set.setupImage });
  const plan = (image: ImageKind, options: { force?: boolean } = {}) =>
    makePlan({ kind: "rebuild", image, folder, ...options });
  const events: BuildEvent[] = [];
  const build = (image: ImageKind, signal: AbortSignal = new AbortController().signal, options = {}) => {
    const context = { paths, signal, onEvent: (event: BuildEvent) => void events.push(event) };
    return (image === "setup" ? rebuildSetup : rebuildWorker)(
      readImageSet(folder),
      plan(image, options),
      context,
    );
  };
  const judge = (image: ImageKind) => judgeRebuild(plan(image), paths);
  const whyStale = async (image: ImageKind) => describeChanges((await judge(image)).changed);
  return { home, paths, folder, programs, set, write, build, judge, whyStale, events };
}
