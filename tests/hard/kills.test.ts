import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCache } from "../../core/cache/list-cache.ts";
import { digestFile, digestTrees } from "../../core/files/digest.ts";
import { isExtractionFolder, isTemporaryName } from "../../core/files/writing/temporary-names.ts";
import { extractArchive } from "../../core/image/archive/extract-archive.ts";
import { openImage } from "../../core/image/archive/open-image.ts";
import { packArchive } from "../../core/image/archive/pack-archive.ts";
import { mebibyte, temporaryFolder, writeSparseFile } from "../../core/image/test-fixtures.ts";
import { findInstallIso } from "../../core/iso/install-iso.ts";
import { manifestPath } from "../../core/manifest/manifest-file.ts";
import { findState } from "../../core/states/state-store.ts";
import { cacheEntriesFolder, type EntryKind, findPaths } from "../../core/storage/paths.ts";
import type { IsoSource } from "../../shared/recipe/recipe.ts";
import { type Moment, runAndKill, tinsmithProgram } from "./kill/killed-command.ts";
import { serveFile } from "./places/serve-file.ts";

// A hundred of them: ./test.sh kills
const kills = Number(process.env.TINSMITH_KILLS ?? 4);
const timeout = 60_000 + kills * 5_000;

const home = await temporaryFolder();
afterAll(() => home[Symbol.asyncDispose]());
const inHome = (...names: string[]) => join(home.path, ...names);

const inKillFolder = (name: string) => join(import.meta.dirname, "kill", name);

const image = inHome("image");
const oldArchive = inHome("old.tar.lz4");
const newArchive = inHome("new.tar.lz4");
let oldDigest = "";
let newDigest = "";
/** Of what is extracted when nothing is killed. */
let imageDigest = "";
/** Of what is in the cache when it is opened. */
let openedDigest = "";
/** Of the ISO that is built and downloaded. */
let isoDigest = "";
let server: Awaited<ReturnType<typeof serveFile>>;
afterAll(() => server[Symbol.asyncDispose]());

async function makeArchive(target: string): Promise<string> {
  // Random, so that no compression makes the work short.
  const data = { 0: randomBytes(10 * mebibyte), [20 * mebibyte]: randomBytes(10 * mebibyte) };
  await writeSparseFile(join(image, "disk.img"), 40 * mebibyte, data);
  return (await packArchive({ folder: image, target })).digest;
}

beforeAll(async () => {
  for (const name of ["image", "packed", "temporary"]) mkdirSync(inHome(name));
  writeFileSync(join(image, "machine.json"), '{"version": 1}');
  oldDigest = await makeArchive(oldArchive);
  newDigest = await makeArchive(newArchive);
  await extractArchive({ archive: newArchive, folder: inHome("reference") });
  imageDigest = await digestTrees([inHome("reference")]);
  {
    using opened = await openImage(paths, { archive: newArchive, ownFolder: inHome("own") });
    openedDigest = await digestTrees([opened.folder]);
  }
  mkdirSync(isos.folder);
  const iso = inHome("reference.iso");
  execaSync("sh", ["-c", 'seq 1 600000 > "$0"', iso]);
  isoDigest = await digestFile(iso);
  server = await serveFile(iso);
  // Compiles all, so that the first one killed takes as long as those after it.
  await runAndKill(home.path, [tinsmithProgram, "--help"], {});
}, timeout);

const cleared = (path: string) => `Deleted what a killed process left: ${path}.`;

/** A command that can be killed at any moment. */
interface Victim {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly prepare: () => void;
  /** Looks at what it left, if that is anything, and does the same work again. */
  readonly expectNothingLost: () => Promise<void>;
}

const target = inHome("packed", "a.tar.lz4");

const pack: Victim = {
  name: "a pack in place of an old archive",
  command: [tinsmithProgram, "pack", image, target],
  prepare: () => copyFileSync(oldArchive, target),
  async expectNothingLost() {
    const manifest = manifestPath(target);
    // Its manifest is written after it. A lock is not a leftover: the next holder takes it.
    const others = [basename(manifest), ".writers-lock"];
    const namesOfArchive = () =>
      readdirSync(inHome("packed")).filter(
        (name) => !others.includes(name) && !isTemporaryName(manifest, name),
      );
    const names = namesOfArchive();
    const left = names.filter((name) => isTemporaryName(target, name)).map((name) => inHome("packed", name));
    const digest = await digestFile(target);
    if (digest === oldDigest && left.length === 0) return;
    expect([oldDigest, newDigest]).toContain(digest);
    const leftovers = left.filter((path) => statSync(path).size > 0);
    const notes: string[] = [];
    await packArchive({ folder: image, target, onNote: (text) => notes.push(text) });
    expect(notes).toEqual(leftovers.map(cleared));
    expect(await digestFile(target)).toBe(newDigest);
    expect(namesOfArchive()).toEqual(["a.tar.lz4"]);
  },
};

const folder = inHome("extracted");

const extract: Victim = {
  name: "an extract",
  command: [tinsmithProgram, "extract", newArchive, folder],
  prepare: () => rmSync(folder, { recursive: true, force: true }),
  async expectNothingLost() {
    if (!existsSync(folder)) return;
    const partial = join(folder, readdirSync(folder).find(isExtractionFolder) ?? ".tinsmith");
    const isWhole = existsSync(join(folder, "disk.img"));
    const hasLeftover = existsSync(partial);
    const notes: string[] = [];
    const again = extractArchive({ archive: newArchive, folder, onNote: (text) => notes.push(text) });
    if (isWhole) await expect(again).rejects.toThrow("is not empty");
    else await expect(again).resolves.toBeDefined();
    expect(notes).toEqual(hasLeftover && !isWhole ? [cleared(partial)] : []);
    expect(await digestTrees([folder])).toBe(imageDigest);
  },
};

/** A recipe's folder, and where ISOs are kept. */
const isos = { folder: inHome("recipe"), cache: inHome("cache"), working: inHome("cache") };
const findIso = inKillFolder("find-iso.ts");
const isoCommand = (source: IsoSource) =>
  [process.execPath, findIso, isos.folder, JSON.stringify(source)] as const;

/** Whatever was left, the ISO is found, is the right one, and is all that is left. */
async function expectIso(source: IsoSource): Promise<void> {
  expect(await digestFile(await findInstallIso(source, isos))).toBe(isoDigest);
  // A lock is not a leftover: the next holder takes it.
  const names = readdirSync(join(isos.cache, "isos")).filter((name) => name !== ".writers-lock");
  const kept = names.map((name) => name.replace(/^[0-9a-f]{64}/, "KEY")).sort();
  expect(kept).toEqual(["KEY.iso", "KEY.json"]);
}

/** Numbers, one a line: several megabytes, written over some time. */
const isoBuild: IsoSource = { build: ["sh", "-c", 'seq 1 600000 > "$0"'], inputs: [] };

const buildIso: Victim = {
  name: "the build of an ISO",
  command: isoCommand(isoBuild),
  prepare: () => rmSync(isos.cache, { recursive: true, force: true }),
  expectNothingLost: () => expectIso(isoBuild),
};

const isoDownload = (): IsoSource => ({ url: server.url, sha256: isoDigest });

const downloadIso: Victim = {
  name: "the download of an ISO",
  get command() {
    return isoCommand(isoDownload());
  },
  prepare: () => rmSync(isos.cache, { recursive: true, force: true }),
  expectNothingLost: () => expectIso(isoDownload()),
};

/** Kills it at a moment; returns whether it came to that. */
async function kill({ command, prepare, expectNothingLost }: Victim, moment: Moment): Promise<boolean> {
  prepare();
  const killed = await runAndKill(home.path, command, moment);
  await expectNothingLost().catch((cause) => {
    throw new Error(`${killed ? "killed" : "ended before"} ${JSON.stringify(moment)}`, { cause });
  });
  // The folder of a killed pack goes when the next one makes its own.
  expect(readdirSync(inHome("temporary")).length).toBeLessThanOrEqual(1);
  return killed;
}

const paths = findPaths({ TINSMITH_HOME: home.path });

/** The names of the cache's entries of a kind, those that are not whole included. */
const entriesOf = (kind: EntryKind) => {
  const parent = cacheEntriesFolder(paths, kind);
  return existsSync(parent) ? readdirSync(parent) : [];
};

const openArchive: Victim = {
  name: "the opening of an image",
  command: [process.execPath, inKillFolder("open-image.ts"), newArchive, home.path],
  prepare: () => rmSync(cacheEntriesFolder(paths, "image"), { recursive: true, force: true }),
  async expectNothingLost() {
    {
      using image = await openImage(paths, { archive: newArchive, ownFolder: inHome("own") });
      expect(await digestTrees([image.folder])).toBe(openedDigest);
    }
    expect(entriesOf("image")).toEqual([newDigest]);
    expect(existsSync(inHome("own"))).toBe(false);
  },
};

const stateKey = "5f".repeat(20);

const saveState: Victim = {
  name: "the saving of a state",
  command: [process.execPath, inKillFolder("make-state.ts"), stateKey],
  prepare: () => {
    rmSync(cacheEntriesFolder(paths, "state"), { recursive: true, force: true });
    rmSync(paths.knownStates, { force: true });
  },
  async expectNothingLost() {
    using found = await findState(paths, stateKey);
    // One that is found is whole.
    if (found) expect(statSync(found.memory).size).toBe(16 * mebibyte);
    await listCache(paths);
    expect(entriesOf("state")).toEqual(found ? [stateKey] : []);
  },
};

const victims = [pack, extract, buildIso, downloadIso, openArchive, saveState];

test.each(victims)(`$name, killed at ${kills} random moments, loses nothing`, { timeout }, async (victim) => {
  victim.prepare();
  const start = performance.now();
  await runAndKill(home.path, victim.command, {});
  const duration = performance.now() - start;
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    const milliseconds = ((round + Math.random()) / kills) * duration;
    killed += Number(await kill(victim, { milliseconds }));
  }
  expect(killed).toBeGreaterThan(kills / 4);
});

test.each(victims)("$name, killed before any change of names, loses nothing", { timeout }, async (victim) => {
  let step = 0;
  while (await kill(victim, { step })) step += 1;
  expect(step).toBeGreaterThan(0);
});
