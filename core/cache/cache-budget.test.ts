import { mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { retentionLimits } from "../../shared/app/settings.ts";
import type { CacheKind } from "../../shared/cache/cache.ts";
import { lockFolder, lockOwnFile } from "../files/locks/file-lock.ts";
import { holdIso } from "../iso/iso-cache.ts";
import { newHome } from "../session/serve/test-session.ts";
import { keptDigests } from "../storage/digest-store.ts";
import { debianPackages, type EntryKind, isoPaths, type Paths, sessionPaths } from "../storage/paths.ts";
import { changeSettings } from "../storage/settings-store.ts";
import { makeRoom } from "./cache-budget.ts";
import type { SourceImage } from "./entry-record.ts";
import type { HeldEntry } from "./find-entry.ts";
import { listCache } from "./list-cache.ts";
import { findOrMakeEntry } from "./make-entry.ts";
import { clearCache } from "./manage-cache.ts";

const MiB = 1024 ** 2;

/** A home whose cache may take 4 MiB. */
function smallHome(): Paths {
  const paths = newHome();
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: 4 / 1024 } });
  return paths;
}

/** Makes an entry of a MiB, last used at that second of the epoch. */
async function addEntry(
  paths: Paths,
  key: string,
  second: number,
  kind: EntryKind = "image",
  image?: SourceImage,
): Promise<string> {
  const { folder } = await heldEntry(paths, key, kind, image).then((entry) => {
    entry[Symbol.dispose]();
    return entry;
  });
  utimesSync(folder, second, second);
  return folder;
}

function heldEntry(
  paths: Paths,
  key: string,
  kind: EntryKind = "image",
  image?: SourceImage,
): Promise<HeldEntry> {
  const make = async (folder: string) => writeFileSync(join(folder, "file"), Buffer.alloc(MiB - 4096, 1));
  return findOrMakeEntry(paths, { kind, key, what: `image ${key}`, image, make });
}

function addKeptWork(paths: Paths, session: string, second: number): void {
  const { keptWork, keptWorkRecord } = sessionPaths(paths, session);
  mkdirSync(keptWork, { recursive: true });
  writeFileSync(join(keptWork, "disk"), Buffer.alloc(MiB, 1));
  writeFileSync(keptWorkRecord, "{}");
  utimesSync(keptWorkRecord, second, second);
}

async function keysIn(paths: Paths): Promise<readonly string[]> {
  return (await listCache(paths)).map(({ key }) => key).sort();
}

test("making an entry deletes those that were not used for the longest time, and says so", async () => {
  const paths = smallHome();
  await addEntry(paths, "b", 10);
  await addEntry(paths, "a", 20);
  await addEntry(paths, "c", 30, "state");
  await addEntry(paths, "d", 40);
  const onNote = vi.fn();
  const make = async (folder: string) => writeFileSync(join(folder, "file"), Buffer.alloc(1.5 * MiB, 1));
  using _e = await findOrMakeEntry(paths, { kind: "image", key: "e", what: "image e", make, onNote });
  expect(await keysIn(paths)).toEqual(["c", "d", "e"]);
  expect(onNote.mock.calls).toEqual([
    ["Deleted image b, image a (2.1 MB) from the cache. The settings keep 0.00390625 GiB.", undefined],
  ]);
});

test("an entry that is held stays, whenever it was used, and so does the one that was just made", async () => {
  const paths = smallHome();
  using held = await heldEntry(paths, "a");
  utimesSync(held.folder, 1, 1);
  await addEntry(paths, "b", 10);
  const make = async (folder: string) => writeFileSync(join(folder, "file"), Buffer.alloc(9 * MiB, 1));
  using _large = await findOrMakeEntry(paths, { kind: "image", key: "large", what: "a large image", make });
  expect(await keysIn(paths)).toEqual(["a", "large"]);
});

test("room is made before an entry of a known size is made", async () => {
  const paths = smallHome();
  await addEntry(paths, "a", 10);
  let seen: readonly string[] = [];
  const make = async () => {
    seen = await keysIn(paths);
  };
  using _b = await findOrMakeEntry(paths, { kind: "image", key: "b", what: "b", make, bytes: 3.5 * MiB });
  expect(seen).toEqual([]);
});

test("all goes, if the disk has no room for what is to be made, and holes count as nothing", async () => {
  const paths = newHome();
  const folder = await addEntry(paths, "a", 10);
  writeFileSync(join(folder, "sparse"), "");
  truncateSync(join(folder, "sparse"), 100 * 1024 ** 3);
  expect((await listCache(paths))[0]?.bytes).toBeLessThan(1.1 * MiB);
  const onNote = vi.fn();
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: retentionLimits.gib } });
  // Less than the limit of the settings, and more than the disk of this host has.
  await makeRoom(paths, { bytes: retentionLimits.gib * 1024 ** 3 - 10 * MiB, onNote });
  expect(onNote.mock.calls).toEqual([[expect.stringContaining("The disk had too little space."), undefined]]);
  expect(await keysIn(paths)).toEqual([]);
});

test("the work of failed builds counts, and its newest stays", async () => {
  const paths = smallHome();
  addKeptWork(paths, "20200101-1", 10);
  addKeptWork(paths, "20200101-2", 20);
  for (const [key, second] of [
    ["a", 30],
    ["b", 40],
    ["c", 50],
  ] as const)
    await addEntry(paths, key, second);
  await addEntry(paths, "d", 60);
  const onNote = vi.fn();
  await makeRoom(paths, { bytes: 2 * MiB, onNote });
  expect(await keysIn(paths)).toEqual(["20200101-2", "d"]);
  expect(readdirSync(sessionPaths(paths, "20200101-1").folder)).toEqual([]);
});

test("a kept checkpoint is not deleted to make room, nor the image that it stands on", async () => {
  const paths = smallHome();
  const image = { archive: "/images/gone.tar.lz4", digest: "a" };
  await addEntry(paths, "kept", 10, "checkpoint", image);
  await addEntry(paths, "a", 20, "image", image);
  await addEntry(paths, "b", 30);
  await makeRoom(paths, { bytes: 1e18 });
  expect(await keysIn(paths)).toEqual(["a", "kept"]);
  const { deleted, kept } = await clearCache(paths, ["image"]);
  expect([deleted, kept]).toMatchObject([[], [{ key: "a", isNeeded: true, isInUse: false }]]);
  expect(await clearCache(paths, ["image", "checkpoint"])).toMatchObject({ kept: [] });
  expect(await keysIn(paths)).toEqual([]);
});

test("entries of archives that were replaced or deleted go first", async () => {
  const paths = smallHome();
  const archive = join(paths.cache, "one.tar.lz4");
  const missing = join(paths.cache, "missing.tar.lz4");
  mkdirSync(paths.cache, { recursive: true });
  writeFileSync(archive, Buffer.alloc(MiB, 1));
  // The digest of a file that has changed just now is not kept.
  const later = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  const digest = await keptDigests(paths).file(archive);
  later.mockRestore();
  await addEntry(paths, "present", 10, "image", { archive, digest });
  await addEntry(paths, "replaced", 20, "state", { archive, digest: "another" });
  await addEntry(paths, "missing", 30, "image", { archive: missing, digest });
  expect((await listCache(paths)).map(({ key, isStale }) => [key, isStale])).toEqual([
    ["missing", true],
    ["present", false],
    ["replaced", true],
  ]);
  await makeRoom(paths, { bytes: 2.5 * MiB });
  expect(await keysIn(paths)).toEqual(["present"]);
});

test("nothing goes while the settings can't be read", async () => {
  const paths = smallHome();
  await addEntry(paths, "a", 10);
  writeFileSync(paths.settings, "{");
  await makeRoom(paths, { bytes: 1e18 });
  expect(await keysIn(paths)).toEqual(["a"]);
});

test("the list has all kinds, with what uses them, and removes what killed processes left", async () => {
  const paths = newHome();
  mkdirSync(join(paths.cache, "images/dead.partial/inner"), { recursive: true });
  for (const name of ["strange", "my own.partial"]) mkdirSync(join(paths.cache, "images", name));
  using _held = await heldEntry(paths, "a");
  addKeptWork(paths, "20200101-1", 10);
  mkdirSync(debianPackages(paths));
  const whole = isoPaths(paths.cache, "a".repeat(64));
  const part = isoPaths(paths.cache, "b".repeat(64));
  mkdirSync(whole.folder);
  for (const file of [whole.iso, whole.record, `${part.iso}.partial`]) writeFileSync(file, "iso");
  using _lock = lockFolder(whole.iso, "shared");
  const list = (await listCache(paths)).map(({ kind, key, what, isInUse }) => [kind, key, what, isInUse]);
  expect(list).toEqual([
    ["iso", "a".repeat(64), "the ISO aaaaaaaaaaaa", true],
    ["iso", "b".repeat(64), "an unfinished part of the ISO bbbbbbbbbbbb", false],
    ["image", "a", "image a", true],
    ["image", "strange", "a damaged entry", false],
    ["kept-work", "20200101-1", "the work of failed session 20200101-1", false],
    ["packages", "debian", "Debian packages of the guest OS microcore", false],
  ]);
  expect(readdirSync(join(paths.cache, "images")).sort()).toEqual(["a", "my own.partial", "strange"]);
});

test("an ISO goes with its record and the rest of its making, unless somebody holds it or makes it", async () => {
  const paths = newHome();
  const { folder, iso, record, building, lock } = isoPaths(paths.cache, "a".repeat(64));
  mkdirSync(building, { recursive: true });
  for (const file of [iso, record]) writeFileSync(file, "iso");
  const held = holdIso(iso);
  expect(await clearCache(paths, ["iso"])).toMatchObject({ deleted: [], kept: [{ kind: "iso" }] });
  held?.[Symbol.dispose]();
  mkdirSync(dirname(lock));
  const maker = lockOwnFile(lock, "a maker");
  expect(await clearCache(paths, ["iso"])).toMatchObject({ deleted: [] });
  maker[Symbol.dispose]();
  expect(await clearCache(paths, ["iso"])).toMatchObject({ deleted: [{ kind: "iso" }], kept: [] });
  expect(readdirSync(folder)).toEqual([]);
});

test("the kinds that a person names are cleared, except what is in use", async () => {
  const paths = newHome();
  using _held = await heldEntry(paths, "a");
  await addEntry(paths, "b", 10);
  await addEntry(paths, "s", 10, "state");
  addKeptWork(paths, "20200101-1", 10);
  const kinds: readonly CacheKind[] = ["image", "kept-work"];
  const { deleted, kept } = await clearCache(paths, kinds);
  expect(deleted.map(({ key }) => key)).toEqual(["b", "20200101-1"]);
  expect(kept.map(({ key }) => key)).toEqual(["a"]);
  expect(await keysIn(paths)).toEqual(["a", "s"]);
});
