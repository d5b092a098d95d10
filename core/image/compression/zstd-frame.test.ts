import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inPieces, mebibyte, readAll, sampleBytes, shell, temporaryFolder } from "../test-fixtures.ts";
import { compress, decompress } from "./compression.ts";

/** Compressible, incompressible and empty stretches; not a whole number of blocks. */
const sample = Buffer.concat([sampleBytes(mebibyte), Buffer.alloc(2 * mebibyte), randomBytes(300_000)]);

async function decompressed(file: Buffer): Promise<Buffer> {
  return await readAll((await decompress(inPieces(file))).content);
}

/** The output of the zstd command for the sample. */
async function zstd(options: string): Promise<Buffer> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "sample"), sample);
  return shell(`zstd -q ${options} -c sample`, folder.path);
}

test("the zstd command verifies and decompresses what we write", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "sample.zst"), await readAll(compress(inPieces(sample), "zstd")));
  shell("zstd -q -t sample.zst", folder.path);
  expect(shell("zstd -q -dc sample.zst", folder.path).equals(sample)).toBe(true);
});

test("each of our frames has a checksum, so that a changed byte is found", async () => {
  const file = await readAll(compress(inPieces(sample), "zstd"));
  file.writeUInt8(file.readUInt8(file.length - 20) ^ 1, file.length - 20);
  await expect(decompressed(file)).rejects.toThrow("a Zstandard frame is damaged");
});

test.each([
  { title: "at its defaults", options: "" },
  { title: "with high compression", options: "-12" },
  { title: "with many threads", options: "-T2 -B512K" },
  { title: "without a checksum", options: "--no-check" },
  { title: "with a long window", options: "--long=27" },
])("what the zstd command wrote $title is read", async ({ options }) => {
  expect((await decompressed(await zstd(options))).equals(sample)).toBe(true);
});

test("frames one after the other are read, and frames to be skipped are skipped", async () => {
  const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const file = Buffer.concat([skipped, await zstd(""), skipped, await zstd("--no-check"), skipped]);
  expect((await decompressed(file)).equals(Buffer.concat([sample, sample]))).toBe(true);
});

const frame = await zstd("");

test.each([
  ["a frame that is cut short", frame.subarray(0, -1000), "it ends in the middle of a Zstandard frame"],
  ["a frame without its last byte", frame.subarray(0, -1), "it ends in the middle of a Zstandard frame"],
  [
    "garbage after a frame",
    Buffer.concat([frame, Buffer.from("garbage")]),
    "there is data after the end of the compressed data",
  ],
  [
    "a changed checksum",
    Buffer.from(frame).fill((frame.at(-1) ?? 0) ^ 1, frame.length - 1),
    /^a Zstandard frame is damaged: .*checksum/,
  ],
  [
    "a frame of garbage",
    Buffer.concat([frame.subarray(0, 6), Buffer.alloc(1000, 0xf6)]),
    "a Zstandard frame is damaged: a block is too large",
  ],
])("%s is refused", async (_title, file, message) => {
  await expect(decompressed(file)).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringMatching(message),
  });
});
