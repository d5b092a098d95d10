import { expect } from "vitest";
import { isDamage } from "./damaged.ts";
import type { FileEntry, FileSystem, OpenFileSystem } from "./file-system.ts";
import { expectBounded } from "./test-fuzz.ts";

/** More entries than the file systems of the tests have: a loop would never end. */
const mostEntries = 5000;
/** Bytes that are read of each file. */
const mostBytes = 300_000;
const mostReads = 50_000;

/**
 * Opens damaged copies of a file system, always the same ones, and reads all that they have. The only errors are those of
 * damage, and one file or folder that is damaged leaves the others readable.
 */
export async function expectDamageInWords(image: Buffer, open: OpenFileSystem, runs = 60): Promise<void> {
  await expectBounded({
    ...{ image, runs, mostReads },
    places: [[0, image.length]],
    use: async (source) => {
      const system = await open(source);
      if (system) await readEverything(system);
    },
  });
}

async function readEverything(system: FileSystem): Promise<void> {
  const folders: FileEntry[] = [system.root];
  let entries = 0;
  const visit = async (folder: FileEntry) => {
    for await (const entry of system.list(folder)) {
      expect(++entries).toBeLessThan(mostEntries);
      if (entry.kind === "folder") folders.push(entry);
      if (entry.kind === "file") await unlessDamaged(readSome(system, entry));
    }
  };
  for (const folder of folders) await unlessDamaged(visit(folder));
}

async function readSome(system: FileSystem, entry: FileEntry): Promise<void> {
  const source = await system.open(entry);
  for (let at = 0; at < Math.min(source.size, mostBytes); ) {
    const piece = await source.read(at, 50_000);
    expect(piece.length).toBeGreaterThan(0);
    at += piece.length;
  }
}

async function unlessDamaged(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isDamage(error)) throw error;
    expect(error.message).toMatch(/^\S.{10,}$/);
  }
}
