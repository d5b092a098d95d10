import { stat, statfs } from "node:fs/promises";
import { AppError } from "../shared/errors.ts";
import { formatBytes } from "../shared/format.ts";
import { existingFolder } from "./files.ts";

/** What a guest may write beyond what is on its disk at the start, and what an archive of it may grow by, in bytes. */
export const guestGrowth = 256 * 1024 ** 2;

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
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (bytes <= free) continue;
    throw new AppError({
      code: "no-space",
      message: `${work} needs about ${formatBytes(bytes)} in ${folder}, which has ${formatBytes(free)} free`,
      advice: "Free some space there, or set TINSMITH_HOME to a folder on a larger disk.",
    });
  }
}
