import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { rememberImage } from "../../storage/known-images.ts";
import { cacheEntriesFolder, findPaths, type Paths } from "../../storage/paths.ts";
import { readQcow2Header } from "../disk/qcow2-header.ts";
import { layerBytes, mebibyte, rawEntry, sampleBytes, temporaryFolder } from "../test-fixtures.ts";
import { digestArchive } from "./archive-digest.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { diskOn, openImage, spaceToOpen } from "./open-image.ts";
import { good, lz4, machine, machineText, disk as rawDisk } from "./test-archive.ts";

/** A home with an archive in it. */
async function makeHome(content: Buffer = good) {
  const folder = await temporaryFolder();
  const paths = findPaths({ TINSMITH_HOME: folder.path });
  const archive = join(folder.path, "setup.tar.lz4");
  writeFileSync(archive, content);
  rememberImage(paths, await digestArchive(paths, archive));
  const onNote = vi.fn();
  const ownFolder = join(folder.path, "own");
  const open = () => openImage(paths, { archive, ownFolder, onNote });
  return { paths, archive, ownFolder, onNote, open, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

function imagesIn(paths: Paths): readonly string[] {
  const folder = cacheEntriesFolder(paths, "image");
  return existsSync(folder) ? readdirSync(folder) : [];
}

test("an archive is unpacked once, for all who open it, to a disk that nobody may write to", async () => {
  await using home = await makeHome();
  expect(await spaceToOpen(home.paths, home.archive)).toBe(mebibyte);
  using first = await home.open();
  using second = await home.open();
  expect(second.folder).toBe(first.folder);
  expect(dirname(dirname(first.folder))).toBe(cacheEntriesFolder(home.paths, "image"));
  const { digest } = await inspectArchive({ archive: home.archive });
  expect(first.digest).toBe(digest);
  expect(imagesIn(home.paths)).toEqual([digest]);
  const disk = join(first.folder, "disk.img");
  expect(readFileSync(disk).equals(sampleBytes(mebibyte))).toBe(true);
  expect(statSync(disk).mode & 0o777).toBe(0o444);
  expect(readFileSync(join(first.folder, "machine.json"), "utf8")).toBe(machineText);
  expect(readQcow2Header(readFileSync(first.emptyLayer))).toMatchObject({ virtualSize: mebibyte });
  expect(diskOn(first, "/layer")).toEqual({ layer: "/layer", backing: disk });
  expect(home.onNote).not.toHaveBeenCalled();
  expect(await spaceToOpen(home.paths, home.archive)).toBe(0);
});

test("what is to be said about an archive is said each time", async () => {
  const layer = rawEntry({ name: "./layer.qcow2", content: await layerBytes(mebibyte) });
  await using home = await makeHome(await lz4(rawDisk, layer, machine));
  for (const times of [1, 2]) {
    (await home.open())[Symbol.dispose]();
    expect(home.onNote).toHaveBeenCalledTimes(times);
    expect(home.onNote).toHaveBeenLastCalledWith(expect.stringMatching(/^Workers refuse this archive/));
  }
});

test("a disk that was changed in the cache is unpacked again, which is said", async () => {
  await using home = await makeHome();
  const { folder, ...opened } = await home.open();
  opened[Symbol.dispose]();
  const disk = join(folder, "disk.img");
  chmodSync(disk, 0o644);
  await appendFile(disk, "x");
  using _again = await home.open();
  expect(statSync(disk).size).toBe(mebibyte);
  expect(home.onNote).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("was changed or damaged"));
});

test("an image that the cache can't take is unpacked in the caller's own folder, which is said", async () => {
  await using home = await makeHome();
  mkdirSync(home.paths.cache, { recursive: true });
  writeFileSync(cacheEntriesFolder(home.paths, "image"), "not a folder");
  using opened = await home.open();
  expect(opened.folder).toBe(join(home.ownFolder, "image"));
  expect(readFileSync(join(opened.folder, "disk.img")).equals(sampleBytes(mebibyte))).toBe(true);
  expect(existsSync(opened.emptyLayer)).toBe(true);
  expect(home.onNote).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(
      /unpacked for this session only, because the cache can't take it: .+ is not a folder of this user/,
    ),
  );
});

test("an archive that is refused leaves nothing in the cache", async () => {
  await using home = await makeHome(good.subarray(0, good.length - 100));
  await expect(home.open()).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringMatching(/^.+setup\.tar\.lz4 is refused: /),
  });
  expect(imagesIn(home.paths)).toEqual([]);
  expect(existsSync(home.ownFolder)).toBe(false);
});

test("an archive that was replaced has another digest, and gets an entry of its own", async () => {
  await using home = await makeHome();
  const before = await digestArchive(home.paths, home.archive);
  (await home.open())[Symbol.dispose]();
  writeFileSync(
    home.archive,
    await lz4(machine, rawDisk, rawEntry({ name: "layer.qcow2", content: await layerBytes(mebibyte) })),
  );
  using opened = await home.open();
  expect(opened.digest).not.toBe(before);
  expect(imagesIn(home.paths)).toHaveLength(2);
});

test("an image that nobody has accepted is not unpacked", async () => {
  await using home = await makeHome();
  writeFileSync(home.paths.knownImages, "");
  const { archive, ownFolder } = home;
  await expect(openImage(home.paths, { archive, ownFolder, trusted: [] })).rejects.toMatchObject({
    code: "not-trusted",
  });
  expect(imagesIn(home.paths)).toEqual([]);
  const trusted = [await digestArchive(home.paths, archive)];
  using _opened = await openImage(home.paths, { archive, ownFolder, trusted, onNote: home.onNote });
  expect(home.onNote).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("was not made here"));
});
