import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createTimeSlice } from "../time/time-slice.ts";

/** Bytes that the files of a folder take on the disk. */
export function folderSize(folder: string): number {
  return filesIn(folder).reduce((sum, path) => sum + diskUsage(path), 0);
}

/**
 * As `folderSize`, for a folder that may hold many files: other work of this process runs meanwhile.
 *
 * @param slice a caller's own, which looks at many folders.
 */
export async function folderBytes(folder: string, slice = createTimeSlice()): Promise<number> {
  let sum = 0;
  for (const path of filesIn(folder)) {
    await slice();
    sum += diskUsage(path);
  }
  return sum;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
}

/** The size on disk: the holes of a disk image do not count. 0 for what is not there. */
export function diskUsage(path: string): number {
  const { size = 0, blocks = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Math.min(size, blocks * blockBytes);
}

/** The unit in which the system counts blocks, on any file system. */
const blockBytes = 512;
