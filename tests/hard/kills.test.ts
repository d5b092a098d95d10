import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestFile, digestTrees } from "../../core/files/digest.ts";
import { extractArchive } from "../../core/image/extract-archive.ts";
import { packArchive } from "../../core/image/pack-archive.ts";
import { mebibyte, temporaryFolder, writeSparseFile } from "../../core/image/test-fixtures.ts";
import { type Moment, runAndKill } from "./kill/killed-command.ts";

// A hundred of them: ./test.sh kills
const kills = Number(process.env.TINSMITH_KILLS ?? 4);
const timeout = 60_000 + kills * 5_000;

const home = await temporaryFolder();
afterAll(() => home[Symbol.asyncDispose]());
const inHome = (...names: string[]) => join(home.path, ...names);

const image = inHome("image");
const oldArchive = inHome("old.tar.lz4");
const newArchive = inHome("new.tar.lz4");
let oldDigest = "";
let newDigest = "";
/** Of what is extracted when nothing is killed. */
let imageDigest = "";

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
  imageDigest = digestTrees([inHome("reference")]);
  // Compiles all, so that the first one killed takes as long as those after it.
  await runAndKill(home.path, ["--help"], {});
}, timeout);

const cleared = (path: string) => `Cleared what a killed process left: ${path}.`;

/** A command that can be killed at any moment. */
interface Victim {
  readonly name: string;
  readonly args: readonly string[];
  readonly prepare: () => void;
  /** Looks at what it left, if that is anything, and does the same work again. */
  readonly expectNothingLost: () => Promise<void>;
}

const target = inHome("packed", "a.tar.lz4");

const pack: Victim = {
  name: "a pack in place of an old archive",
  args: ["pack", image, target],
  prepare: () => copyFileSync(oldArchive, target),
  async expectNothingLost() {
    const partial = `${target}.partial`;
    const digest = await digestFile(target);
    if (digest === oldDigest && !existsSync(partial)) return;
    expect([oldDigest, newDigest]).toContain(digest);
    const hasLeftover = existsSync(partial) && statSync(partial).size > 0;
    const notes: string[] = [];
    await packArchive({ folder: image, target, onNote: (text) => notes.push(text) });
    expect(notes).toEqual(hasLeftover ? [cleared(partial)] : []);
    expect(await digestFile(target)).toBe(newDigest);
    expect(readdirSync(inHome("packed"))).toEqual(["a.tar.lz4"]);
  },
};

const folder = inHome("extracted");

const extract: Victim = {
  name: "an extract",
  args: ["extract", newArchive, folder],
  prepare: () => rmSync(folder, { recursive: true, force: true }),
  async expectNothingLost() {
    if (!existsSync(folder)) return;
    const partial = join(folder, ".partial");
    const isWhole = existsSync(join(folder, "disk.img"));
    const hasLeftover = existsSync(partial);
    const notes: string[] = [];
    const again = extractArchive({ archive: newArchive, folder, onNote: (text) => notes.push(text) });
    if (isWhole) await expect(again).rejects.toThrow("is not empty");
    else await expect(again).resolves.toBeDefined();
    expect(notes).toEqual(hasLeftover && !isWhole ? [cleared(partial)] : []);
    expect(digestTrees([folder])).toBe(imageDigest);
  },
};

/** Kills it at a moment; returns whether it came to that. */
async function kill({ args, prepare, expectNothingLost }: Victim, moment: Moment): Promise<boolean> {
  prepare();
  const killed = await runAndKill(home.path, args, moment);
  await expectNothingLost().catch((cause) => {
    throw new Error(`${killed ? "killed" : "ended before"} ${JSON.stringify(moment)}`, { cause });
  });
  expect(readdirSync(inHome("temporary"))).toEqual([]);
  return killed;
}

const victims = [pack, extract];

test.each(victims)(`$name, killed at ${kills} random moments, loses nothing`, { timeout }, async (victim) => {
  victim.prepare();
  const start = performance.now();
  await runAndKill(home.path, victim.args, {});
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
