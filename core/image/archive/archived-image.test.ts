import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { compressFrameSync } from "lz4-napi";
import { expect, test } from "vitest";
import {
  layerBytes,
  mebibyte,
  rawEntry,
  rawTar,
  sampleBytes,
  sampleDisk,
  shell,
  temporaryFolder,
  writeImage,
} from "../test-fixtures.ts";
import { openArchivedDisk } from "./archived-image.ts";
import { packArchive } from "./pack-archive.ts";
import { disk, good, layer, machine, machineText } from "./test-archive.ts";
import { readArchivedDisk } from "./test-read-disk.ts";

/** A folder with the files of an image in `image`, as an archive has them. */
async function imageFolder() {
  const folder = await temporaryFolder();
  const path = join(folder.path, "image");
  mkdirSync(path);
  await writeImage(path);
  const truth = readFileSync(join(path, "disk.img"));
  writeFileSync(join(path, "layer.qcow2"), await layerBytes(sampleDisk.size));
  const archive = join(folder.path, "made.tar.lz4");
  const write = (bytes: Buffer) => {
    writeFileSync(archive, bytes);
    return archive;
  };
  const make = (script: string) => write(shell(script, path));
  const read = (file: string) => readArchivedDisk(file, folder.path);
  const { [Symbol.asyncDispose]: remove } = folder;
  return { path: folder.path, image: path, truth, write, make, read, [Symbol.asyncDispose]: remove };
}

/** Bytes of which no block is stored as it is: then its size would be known. */
function compressible(length: number): Buffer {
  return Buffer.alloc(length, sampleBytes(1009));
}

/** The content in frames of these lengths; the last one has the rest. */
function inFrames(content: Buffer, lengths: readonly number[]): Buffer {
  const frames: Buffer[] = [];
  let rest = content;
  for (const length of [...lengths, content.length]) {
    frames.push(compressFrameSync(rest.subarray(0, length), { contentChecksum: true }));
    rest = rest.subarray(length);
  }
  return Buffer.concat(frames);
}

test("the disk in an archive that Tinsmith has packed is read without unpacking it", async () => {
  await using folder = await imageFolder();
  const archive = join(folder.path, "packed.tar.lz4");
  shell("rm layer.qcow2", folder.image);
  await packArchive({ folder: folder.image, target: archive });
  expect((await folder.read(archive))?.equals(folder.truth)).toBe(true);
  const own = join(folder.path, "own");
  mkdirSync(own);
  await using opened = await openArchivedDisk({ archive, folder: own });
  expect(opened?.size).toBe(sampleDisk.size);
  expect(readdirSync(own).sort()).toEqual(["layer.qcow2", "machine.json"]);
  expect(readFileSync(join(own, "machine.json"), "utf8")).toContain('"memory": 512');
});

const tarOptions = [
  "--format=gnu",
  "--format=gnu -S",
  "--format=posix -S --sparse-version=0.0",
  "--format=posix -S --sparse-version=0.1",
  "--format=posix -S --sparse-version=1.0",
  "--format=v7",
];
const lz4Options = ["-B4", "-B5", "-B6 -9", "-B7", "-BX", "--no-frame-crc", "--content-size", "-B4 --fast=5"];

test.each(tarOptions)(
  "the disk in what GNU tar %s and lz4 make is read, in all options of lz4",
  async (options) => {
    await using folder = await imageFolder();
    for (const [number, lz4] of lz4Options.entries()) {
      const names =
        number % 2 === 0 ? "machine.json layer.qcow2 disk.img" : "disk.img machine.json layer.qcow2";
      const archive = folder.make(`tar ${options} -cf tar ${names}; lz4 -q ${lz4} -c tar`);
      expect((await folder.read(archive))?.equals(folder.truth), lz4).toBe(true);
    }
  },
);

test.each([
  ["of linked blocks", "lz4 -q -B4 -BD -c"],
  ["in Zstandard", "zstd -q -c"],
  ["in LZ4's legacy format", "lz4 -q -l -c"],
])("an archive %s has to be unpacked", async (_what, compress) => {
  await using folder = await imageFolder();
  const archive = folder.make(`tar -cf - machine.json layer.qcow2 disk.img | ${compress}`);
  expect(await folder.read(archive)).toBeUndefined();
});

test("frames to be skipped are skipped", async () => {
  await using folder = await imageFolder();
  const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const archive = Buffer.concat([skipped, good, skipped]);
  expect((await folder.read(folder.write(archive)))?.equals(sampleBytes(mebibyte))).toBe(true);
});

test("frames of any lengths are read: none is taken to be full if it is not", async () => {
  await using folder = await imageFolder();
  const truth = compressible(mebibyte);
  const disk = rawEntry({ name: "disk.img", content: truth });
  // Zeros on the disk, before what the archive has after it, look like an end that is somewhere else.
  const tars = [
    rawTar(machine, layer, disk),
    rawTar(disk, layer, machine),
    Buffer.concat([rawTar(machine, layer, disk), Buffer.alloc(9 * 1024)]),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...tars),
      fc.array(fc.oneof(fc.constant(256 * 1024), fc.integer({ min: 1, max: 300_000 })), { maxLength: 8 }),
      async (tar, lengths) => {
        const archive = folder.write(inFrames(tar, lengths));
        expect((await folder.read(archive))?.equals(truth)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test("an archive that other zeros follow is read right, also where its disk ends in zeros", async () => {
  await using folder = await imageFolder();
  const ending = Buffer.concat([compressible(mebibyte - 64 * 1024), Buffer.alloc(64 * 1024)]);
  const disk = rawEntry({ name: "disk.img", content: ending });
  const tar = Buffer.concat([rawTar(machine, layer, disk), Buffer.alloc(9 * 1024)]);
  // The second frame has a part of the disk, and is short by as much as the archive is longer than it needs to be.
  const full = 256 * 1024;
  const lengths = [full, full - 9 * 1024, full, full];
  const archive = folder.write(inFrames(tar, lengths));
  expect((await folder.read(archive))?.equals(ending)).toBe(true);
});

test("an archive is refused for what is in it, as when it is unpacked", async () => {
  await using folder = await imageFolder();
  const archive = folder.write(inFrames(rawTar(machine, disk), []));
  await expect(folder.read(archive)).rejects.toMatchObject({
    code: "invalid-archive",
    message: `${archive} is refused: layer.qcow2: it is missing`,
  });
});

test("damage is told when it is read, and other parts can be", async () => {
  await using folder = await imageFolder();
  const bytes = Buffer.from(good);
  const at = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  // The disk comes first in this archive, and is certain only when all was looked at.
  const archive = folder.write(bytes);
  await expect(folder.read(archive)).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringMatching(/made\.tar\.lz4 is refused: an LZ4 frame is damaged: /),
  });
  const tar = rawTar(machine, layer, disk);
  const last = inFrames(
    tar,
    Array.from({ length: Math.floor(tar.length / 262_144) }, () => 262_144),
  );
  const place = Math.floor(last.length / 2);
  last.writeUInt8(last.readUInt8(place) ^ 1, place);
  const own = join(folder.path, "own");
  mkdirSync(own);
  const damaged = folder.write(last);
  await using opened = await openArchivedDisk({ archive: damaged, folder: own });
  const sector = Buffer.alloc(512);
  await opened?.read(sector, 0, 512, 0);
  expect(sector.equals(sampleBytes(512))).toBe(true);
  await expect(opened?.read(sector, 0, 512, mebibyte / 2)).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringMatching(/made\.tar\.lz4 is refused: an LZ4 frame is damaged: /),
  });
  expect(readFileSync(join(own, "machine.json"), "utf8")).toBe(machineText);
});

test("an interruption ends it", async () => {
  await using folder = await imageFolder();
  const options = { archive: folder.write(good), folder: folder.path, signal: AbortSignal.abort() };
  await expect(openArchivedDisk(options)).rejects.toMatchObject({ code: "interrupted" });
});
