import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ByteReader } from "../byte-reader.ts";
import { inPieces, mebibyte, readAll, sampleBytes, shell, temporaryFolder } from "../test-fixtures.ts";
import { compress, decompress } from "./compression.ts";

/** Compressible, incompressible and empty stretches; not a whole number of blocks. */
const sample = Buffer.concat([sampleBytes(mebibyte), Buffer.alloc(5 * mebibyte), randomBytes(70_000)]);

async function decompressed(file: Buffer): Promise<Buffer> {
  return await readAll((await decompress(inPieces(file))).content);
}

/** The output of the lz4 command for the sample. */
async function lz4(options: string): Promise<Buffer> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "sample"), sample);
  return shell(`lz4 -q ${options} -c sample`, folder.path);
}

test("the lz4 command verifies and decompresses what we write", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "sample.lz4"), await readAll(compress(inPieces(sample), "lz4")));
  shell("lz4 -q -t sample.lz4", folder.path);
  expect(shell("lz4 -q -dc sample.lz4", folder.path).equals(sample)).toBe(true);
});

test("each of our frames has a checksum, so that a changed byte is found", async () => {
  const file = await readAll(compress(inPieces(sample), "lz4"));
  file.writeUInt8(file.readUInt8(file.length - 20) ^ 1, file.length - 20);
  await expect(decompressed(file)).rejects.toThrow("its content's checksum is wrong");
});

test.each([
  { title: "at its defaults", options: "" },
  { title: "with high compression", options: "-9" },
  { title: "with linked blocks", options: "-BD" },
  { title: "with small linked blocks", options: "-BD -B4" },
  { title: "with checksums of blocks", options: "-BX" },
  { title: "with the content's size", options: "--content-size" },
  { title: "without a content checksum", options: "--no-frame-crc" },
])("what the lz4 command wrote $title is read", async ({ options }) => {
  expect((await decompressed(await lz4(options))).equals(sample)).toBe(true);
});

test("frames one after the other are read, and frames to be skipped are skipped", async () => {
  const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const file = Buffer.concat([skipped, await lz4(""), skipped, await lz4("-BD"), skipped]);
  expect((await decompressed(file)).equals(Buffer.concat([sample, sample]))).toBe(true);
});

/** A block as it lies in a frame: its size, and the bytes. */
function block(bytes: Buffer, isStored: boolean): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE((isStored ? 0x8000_0000 : 0) + bytes.length);
  return Buffer.concat([size, bytes]);
}

/** A compressed block whose content is all literals. */
function literals(content: Buffer): Buffer {
  const extra = content.length - 15;
  const length = [0xf0, ...Buffer.alloc(Math.floor(extra / 255), 255), extra % 255];
  return block(Buffer.concat([Buffer.from(length), content]), false);
}

test.each([
  { title: "stored, with empty stored ones between", data: true, empty: block(Buffer.alloc(0), true) },
  { title: "stored, with empty compressed ones between", data: true, empty: block(Buffer.alloc(1), false) },
  { title: "compressed, with empty stored ones between", data: false, empty: block(Buffer.alloc(0), true) },
  {
    title: "compressed, with empty compressed ones between",
    data: false,
    empty: block(Buffer.alloc(1), false),
  },
])(
  "a block's content stays as it is while the next one is used: $title",
  async ({ data: isStored, empty }) => {
    const contents = Array.from({ length: 6 }, () => randomBytes(60_000));
    const file = Buffer.concat([
      Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
      ...contents.flatMap((content) => [isStored ? block(content, true) : literals(content), empty]),
      Buffer.alloc(4),
    ]);
    const reader = new ByteReader((await decompress(inPieces(file))).content);
    let last = await reader.take(100_000, "the sample");
    for (const content of contents.slice(0, -1)) {
      const next = await reader.take(100_000, "the sample");
      expect(content.equals(last)).toBe(true);
      last = next;
    }
    expect(contents.at(-1)?.equals(last)).toBe(true);
    expect(await reader.atEnd()).toBe(true);
  },
);

const frame = await lz4("-BX --content-size");
/** The offsets of fields in that frame. */
const offsets = { descriptor: 4, contentSize: 6, descriptorChecksum: 14, blockSize: 15, block: 19 };

function changed(at: number, byte: number): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt8(byte, at);
  return copy;
}

function flipped(at: number): Buffer {
  return changed(at, frame.readUInt8(at) ^ 1);
}

test.each([
  ["a frame cut short in a block", frame.subarray(0, -1000), "it ends in the middle of an LZ4 block"],
  ["a frame without its last byte", frame.subarray(0, -1), "it ends in the middle of an LZ4 frame"],
  [
    "garbage after a frame",
    Buffer.concat([frame, Buffer.from("garbage")]),
    "there is data after the end of the compressed data",
  ],
  [
    "zeros after a frame",
    Buffer.concat([frame, Buffer.alloc(8)]),
    "there is data after the end of the compressed data",
  ],
  [
    "two bytes after a frame",
    Buffer.concat([frame, Buffer.from([1, 2])]),
    "it ends in the middle of a frame's magic number",
  ],
  [
    "a descriptor of another version",
    changed(offsets.descriptor, 0x80),
    "an LZ4 frame is damaged: its descriptor has unknown flags",
  ],
  [
    "a frame with a dictionary",
    changed(offsets.descriptor, 0x7d),
    "an LZ4 frame is damaged: it needs a dictionary",
  ],
  [
    "a changed descriptor",
    flipped(offsets.contentSize),
    "an LZ4 frame is damaged: its descriptor's checksum is wrong",
  ],
  [
    "a block of 2 GiB",
    changed(offsets.blockSize + 3, 0x7f),
    "an LZ4 frame is damaged: a block is larger than the frame allows",
  ],
  ["a changed block", flipped(offsets.block + 100), "an LZ4 frame is damaged: a block's checksum is wrong"],
  [
    "a changed content checksum",
    flipped(frame.length - 1),
    "an LZ4 frame is damaged: its content's checksum is wrong",
  ],
])("%s is refused", async (_title, file, message) => {
  await expect(decompressed(file)).rejects.toMatchObject({ code: "invalid-archive", message });
});

test("a block that decompresses to more than a frame's blocks may have is refused", async () => {
  // A run of 100 KB in a frame whose descriptor says 64 KiB at most; there is no checksum but the descriptor's.
  const bomb = Buffer.from([
    0x1f,
    0x61,
    1,
    0,
    ...Array.from({ length: 400 }, () => 255),
    0,
    0x50,
    1,
    2,
    3,
    4,
    5,
  ]);
  const file = Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
    block(bomb, false),
    Buffer.alloc(4),
  ]);
  await expect(decompressed(file)).rejects.toThrow("an LZ4 frame is damaged: a block can't be decompressed");
});
