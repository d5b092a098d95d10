import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { layerBytes, mebibyte, shell } from "../../../core/image/test-fixtures.ts";

/** Data on a disk; the same bytes again after `period` of them, so that compressors find matches near and far. */
interface Run {
  readonly start: number;
  readonly length: number;
  readonly period: number;
}

/** An image, and how the programs that others use make an archive of it. */
export interface ImageCase {
  readonly diskSize: number;
  readonly runs: readonly Run[];
  readonly tarOptions: readonly string[];
  /** The names of the files that tar packs, in this order. */
  readonly names: readonly string[];
  readonly compressor: "lz4" | "zstd";
  readonly compressorOptions: readonly string[];
  /** The number of parts of the tar archive, each compressed into frames of its own. */
  readonly parts: number;
}

const tarFormats = [
  ["--format=gnu"],
  ["--format=gnu", "-S"],
  ["--format=gnu", "-S", "--hole-detection=raw"],
  ["--format=posix"],
  ["--format=posix", "-S", "--sparse-version=0.0"],
  ["--format=posix", "-S", "--sparse-version=0.1"],
  ["--format=posix", "-S", "--sparse-version=1.0"],
  ["--format=posix", "-S", "--sparse-version=1.0", "--hole-detection=raw"],
  ["--format=ustar"],
] as const;

const run = fc.record({
  start: fc.nat(2 * mebibyte),
  length: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300_000 })),
  period: fc.constantFrom(1, 7, 300, 65_535, 70_001),
});

const compression = fc.oneof(
  fc.record({
    compressor: fc.constant("lz4" as const),
    compressorOptions: fc
      .tuple(
        fc.constantFrom("-1", "-5", "-9", "--fast=5"),
        fc.constantFrom("-B4", "-B5", "-B7"),
        fc.subarray(["-BD", "-BX", "--no-frame-crc", "--content-size"]),
      )
      // lz4 1.9.4 can't itself read such frames when others follow them.
      .filter(([, , others]) => !(others.includes("-BX") && others.includes("--no-frame-crc")))
      .map(([level, blocks, others]) => [level, blocks, ...others]),
  }),
  fc.record({
    compressor: fc.constant("zstd" as const),
    compressorOptions: fc
      .tuple(
        fc.constantFrom("-1", "-3", "-12", "--fast=3"),
        fc.subarray(["--no-check", "--long=24", "-T2", "--no-compress-literals"]),
      )
      .map(([level, others]) => [level, ...others]),
  }),
);

/** Images and archives of every flavour that readers take. */
export const imageCase: fc.Arbitrary<ImageCase> = fc
  .record({
    diskSize: fc.constantFrom(512, 65_536, 300_001, mebibyte, 2 * mebibyte),
    runs: fc.array(run, { maxLength: 24 }),
    tarOptions: fc.constantFrom(...tarFormats),
    names: fc.oneof(
      fc.shuffledSubarray(["disk.img", "layer.qcow2", "machine.json"], { minLength: 3 }),
      fc.shuffledSubarray(["./disk.img", "layer.qcow2", "./machine.json"], { minLength: 3 }),
      fc.constant(["."]),
    ),
    parts: fc.integer({ min: 1, max: 3 }),
    compression,
  })
  .map(({ compression, ...image }) => ({ ...image, ...compression }));

/** Writes the three files of an image. */
export async function writeImageFiles({ diskSize, runs }: ImageCase, folder: string): Promise<void> {
  await mkdir(folder);
  await using disk = await open(join(folder, "disk.img"), "w");
  await disk.truncate(diskSize);
  for (const { start, length, period } of runs) {
    const bytes = repeating(Math.min(length, diskSize - start), period);
    if (bytes.length > 0) await disk.write(bytes, 0, bytes.length, start);
  }
  await writeFile(join(folder, "layer.qcow2"), await layerFor(diskSize));
  await writeFile(join(folder, "machine.json"), '{ "version": 1 }');
}

const layers = new Map<number, Buffer>();

async function layerFor(diskSize: number): Promise<Buffer> {
  const virtualSize = Math.ceil(diskSize / 512) * 512;
  const layer = layers.get(virtualSize) ?? (await layerBytes(virtualSize));
  layers.set(virtualSize, layer);
  return layer;
}

function repeating(length: number, period: number): Buffer {
  let state = period;
  const pattern = Uint8Array.from({ length: Math.min(Math.max(length, 0), period) }, () => {
    state = (state * 69_069 + 1) % 2 ** 32;
    return state >>> 24;
  });
  return pattern.length > 0 ? Buffer.alloc(length, pattern) : Buffer.alloc(0);
}

/** The archive that GNU tar makes of an image in `folder`. */
export function makeTar({ tarOptions, names }: ImageCase, folder: string): Buffer {
  return shell(`tar ${tarOptions.join(" ")} -cf - ${names.join(" ")}`, folder);
}

/** Compresses as the case says, by the command that others use. */
export async function compressTar(image: ImageCase, tar: Buffer, folder: string): Promise<Buffer> {
  const path = join(folder, "part");
  const partSize = Math.ceil(tar.length / image.parts);
  const frames: Buffer[] = [];
  for (let part = 0; part < image.parts; part++) {
    await writeFile(path, tar.subarray(part * partSize, (part + 1) * partSize));
    frames.push(shell(`${image.compressor} -q ${image.compressorOptions.join(" ")} -c part`, folder));
  }
  shell("rm part", folder);
  return Buffer.concat(frames);
}
