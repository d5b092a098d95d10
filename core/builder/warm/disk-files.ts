import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { digestFile } from "../../files/digest.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { listTrees, type TreeEntry } from "../../files/tree-entries.ts";
import { runCommand } from "../../process/run-command.ts";

/** A file of a guest's disk, or of an archive on it: all that decides what it is, without its times. */
type DiskFiles = ReadonlyMap<string, string>;

const sectorBytes = 512;
/** The table of partitions of a PC's disk: four entries of 16 bytes. */
const table = { start: 446, entries: 4, bytes: 16 };
/** The mark of the file systems ext2, ext3 and ext4, and its place from the start of their partition. */
const extMark = { position: 1024 + 56, value: 0xef53 };
const archive = /\.(tgz|tar|tar\.gz)$/;

/**
 * Reads the files of a raw disk, which no virtual machine uses. Archives (`.tgz`, `.tar`) count as what is in them.
 *
 * @param folder a new folder for copies of the files
 * @throws AppError `usage` when the disk has no file system that can be read; `missing-tool` without debugfs
 */
export async function readDiskFiles(disk: string, folder: string, signal: AbortSignal): Promise<DiskFiles> {
  const starts = await findPartitions(disk);
  if (starts.length === 0)
    throw new AppError({
      code: "usage",
      message: "the image's disk has no file system ext2, ext3 or ext4, so its files can't be compared",
      advice: "Compare the images in another way.",
    });
  const files = new Map<string, string>();
  for (const [index, start] of starts.entries()) {
    const target = join(folder, `${index + 1}`);
    mkdirSync(target, { recursive: true });
    await runCommand(["debugfs", "-R", `rdump / ${target}`, `${disk}?offset=${start}`], { signal });
    await addTree(files, target, starts.length > 1 ? `partition ${index + 1}:` : "", signal);
  }
  return files;
}

/** Finds where the file systems begin. Bytes. */
async function findPartitions(disk: string): Promise<readonly number[]> {
  await using file = await openRegularFile(disk);
  const read = async (position: number, length: number) => {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer;
  };
  const sector = await read(0, sectorBytes);
  const entries = Array.from({ length: table.entries }, (_, index) =>
    sector.readUInt32LE(table.start + index * table.bytes + 8),
  );
  const found: number[] = [];
  for (const start of new Set([0, ...entries.map((first) => first * sectorBytes)]))
    if ((await read(start + extMark.position, 2)).readUInt16LE() === extMark.value) found.push(start);
  return found;
}

async function addTree(
  files: Map<string, string>,
  folder: string,
  prefix: string,
  signal: AbortSignal,
): Promise<void> {
  for (const entry of await listTrees([folder])) {
    signal.throwIfAborted();
    const name = `${prefix}${entry.name}`;
    if (!archive.test(entry.name)) {
      files.set(name, await describe(entry));
      continue;
    }
    const inner = `${entry.path}.files`;
    mkdirSync(inner);
    await runCommand(["tar", "-xf", entry.path, "-C", inner, "--no-same-owner"], { signal });
    await addTree(files, inner, `${name}!`, signal);
  }
}

async function describe({ kind, mode, target = "", path }: TreeEntry): Promise<string> {
  const isFile = kind === "file" || kind === "program";
  return [kind, mode.toString(8), target, isFile ? await digestFile(path) : ""].join(" ");
}
