import { type StatsFs, statfsSync } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import { AppError } from "../../shared/errors/errors.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { existingFolder } from "./folders.ts";

/** Bytes that a guest may write beyond the initial content of its disk, and by which an archive of it may grow. */
export const guestGrowth = 256 * 1024 ** 2;

/** Bytes that a guest's files leave free on their disk: logs and downloads must not cost the host its last space. */
export const diskReserve = 256 * 1024 ** 2;

/** Bytes that something will take in a folder, which may be yet to make. */
export interface SpaceNeed {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Refuses work that can't fit. Needs in folders of one file system add up.
 *
 * @param work what needs the space, as the subject of a sentence.
 * @throws AppError `no-space` with the figures.
 */
export async function requireSpace(work: string, needs: readonly SpaceNeed[]): Promise<void> {
  const totals = new Map<number, SpaceNeed>();
  for (const { folder, bytes } of needs) {
    const existing = existingFolder(folder);
    const { dev } = await stat(existing);
    totals.set(dev, { folder: existing, bytes: bytes + (totals.get(dev)?.bytes ?? 0) });
  }
  for (const { folder, bytes } of totals.values()) {
    const free = await freeBytes(folder);
    if (bytes <= free) continue;
    throw new AppError({
      code: "no-space",
      message: `${work} needs about ${formatBytes(bytes)} in ${folder}, which has ${formatBytes(free)} free`,
      advice: "Free some space there, or set TINSMITH_HOME to a folder on a larger disk.",
    });
  }
}

/** Bytes that this user may still take of the file system that a file or folder is on. */
export async function freeBytes(path: string): Promise<number> {
  return freeBytesOf(await statfs(path));
}

/** Bytes as `freeBytes` tells them, for code that can't wait. */
export function freeBytesSync(path: string): number {
  return freeBytesOf(statfsSync(path));
}

function freeBytesOf({ bavail, bsize }: StatsFs): number {
  return bavail * bsize;
}

/** Bytes of a file's growth after which the system is asked for its free space. */
const askEach = 8 * 1024 ** 2;

/** Keeps a reserve free on a disk while a file grows on it. */
export interface SpaceReserve {
  /** Whether this many bytes fit, now. */
  fits(bytes: number): Promise<boolean>;
  /** Whether the file may grow by this many bytes, which it then does. */
  take(bytes: number): boolean | Promise<boolean>;
}

/**
 * @param path the file, or its folder
 * @param reserve bytes that stay free
 */
export function createSpaceReserve(path: string, reserve = diskReserve, ask = freeBytes): SpaceReserve {
  /** Bytes that may be taken before the system is asked again. */
  let granted = 0;
  const takeAsked = async (bytes: number) => {
    const spare = (await ask(path)) - reserve;
    granted = Math.min(spare, Math.max(askEach, bytes)) - bytes;
    return granted >= 0;
  };
  return {
    fits: async (bytes) => bytes <= (await ask(path)) - reserve,
    take: (bytes) => {
      if (bytes > granted) return takeAsked(bytes);
      granted -= bytes;
      return true;
    },
  };
}
