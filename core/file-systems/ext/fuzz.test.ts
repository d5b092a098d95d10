import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../../shared/errors/errors.ts";
import { sampleBytes, temporaryFolder } from "../../image/test-fixtures.ts";
import type { ByteSource } from "../byte-source.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";
import { sourceOfBytes } from "../test-source.ts";
import { openExt } from "./ext.ts";
import { makeExt } from "./test-ext.ts";

/** Reads that a damaged file system may cost; the undamaged ones need less than a hundred. */
const maxReads = 5000;
const maxRead = 1024 * 1024;

test.each([
  ["extents", ["-t", "ext4", "-b", "1024"]],
  ["pointers", ["-t", "ext2", "-b", "1024"]],
  ["data in inodes", ["-t", "ext4", "-b", "1024", "-O", "inline_data", "-I", "256"]],
])("bytes of a file system with %s can have any values", async (_, options) => {
  await using folder = await temporaryFolder();
  const image = await makeSmall(folder.path, options);
  const { metadata } = await explore(image);
  expect(metadata.length).toBeGreaterThan(300);
  const change = fc.record({ at: fc.nat(metadata.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const damaged = Buffer.from(image);
      for (const { at, byte } of changes) damaged[metadata[at] ?? 0] = byte;
      await explore(damaged);
    }),
    { seed: 20_261_201, numRuns: 400 },
  );
});

async function makeSmall(folder: string, options: readonly string[]): Promise<Buffer> {
  const [tree, image] = [join(folder, "tree"), join(folder, "ext.img")];
  for (const path of [tree, join(tree, "folder"), join(tree, "folder/inner")]) mkdirSync(path);
  for (let number = 0; number < 20; number++) writeFileSync(join(tree, `folder/file-${number}`), `${number}`);
  writeFileSync(join(tree, "large"), sampleBytes(50_000));
  symlinkSync("x".repeat(100), join(tree, "folder/inner/long"));
  symlinkSync("short", join(tree, "short"));
  makeExt(image, ["-N", "64", ...options, "-O", "^has_journal,^metadata_csum"], { from: tree, megabytes: 1 });
  return readFileSync(image);
}

/** Reads all that is there. @returns the places that are not zero, and that are not in the content of files */
async function explore(image: Buffer): Promise<{ readonly metadata: readonly number[] }> {
  const places = new Set<number>();
  let reads = 0;
  let isContent = false;
  const bytes = sourceOfBytes(image);
  const source: ByteSource = {
    size: bytes.size,
    read: async (offset, length) => {
      expect(++reads).toBeLessThan(maxReads);
      expect(length).toBeLessThanOrEqual(maxRead);
      expect(offset >= 0 && Number.isSafeInteger(offset + length)).toBe(true);
      const found = await bytes.read(offset, length);
      for (const [at, byte] of found.entries()) if (!isContent && byte !== 0) places.add(offset + at);
      return found;
    },
  };
  const onContent = async (work: () => Promise<void>) => {
    isContent = true;
    await work();
    isContent = false;
  };
  await tolerate(async () => {
    const system = await openExt(source);
    if (system) await exploreFolder(system, system.root, new Set(), onContent);
  });
  return { metadata: [...places] };
}

async function exploreFolder(
  system: FileSystem,
  folder: FileEntry,
  seen: Set<number>,
  onContent: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  if (seen.has(folder.inode)) return;
  seen.add(folder.inode);
  await tolerate(async () => {
    for await (const entry of system.list(folder)) {
      if (entry.kind === "folder") await exploreFolder(system, entry, seen, onContent);
      if (entry.kind === "file") await onContent(() => tolerate(() => readEnds(system, entry)));
    }
  });
}

async function readEnds(system: FileSystem, file: FileEntry): Promise<void> {
  const content = await system.open(file);
  expect((await content.read(0, maxRead)).length).toBe(Math.min(content.size, maxRead));
  const offset = Math.max(0, content.size - 5000);
  expect((await content.read(offset, 10_000)).length).toBe(content.size - offset);
}

/** Does work that may fail only with an error for people. */
async function tolerate(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(["damaged-file-system", "usage"]).toContain(error.code);
  }
}
