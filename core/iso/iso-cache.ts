import { utimesSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { z } from "zod";
import { digestFile } from "../files/digest.ts";
import { ignoreFullDisk } from "../files/folders.ts";
import { type FileLock, lockFolder } from "../files/locks/file-lock.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { stampOf } from "../files/tree-entries.ts";
import { syncFolder } from "../files/writing/replace-file.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/writing/versioned-json.ts";
import type { IsoPaths } from "../storage/paths.ts";

/** The record of an ISO in the cache. */
const isoRecordSchema = z.object({
  /** SHA-256, in hexadecimal. */
  digest: z.string(),
  /** The stamp of the file that had this digest; see `stampOf`. */
  stamp: z.string(),
});
type IsoRecord = z.infer<typeof isoRecordSchema>;

const format: VersionedFormat<IsoRecord> = {
  what: "the digest of an ISO",
  schema: isoRecordSchema,
  migrations: [(record) => record],
};

interface CheckOptions {
  /** The digest that the ISO must have; without it, the one that was recorded when it was made. */
  readonly sha256?: string;
  /** Takes notes about problems of the ISO. */
  readonly onNote: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether an ISO is in the cache and has its digest. The ISO is only read when its file has changed in any way since it
 * was read last. One that is damaged is deleted.
 */
export async function hasKeptIso(
  files: IsoPaths,
  { sha256, onNote, signal }: CheckOptions,
): Promise<boolean> {
  const status = await stat(files.iso, { bigint: true }).catch(() => undefined);
  if (!status) return false;
  const record = readRecord(files);
  const wanted = sha256 ?? record?.digest;
  const stamp = stampOf(status);
  if (record && record.digest === wanted && record.stamp === stamp) {
    noteUse(files);
    return true;
  }
  if (wanted !== undefined && (await digestFile(files.iso, { signal })) === wanted) {
    writeRecord(files, { digest: wanted, stamp });
    return true;
  }
  const reason = wanted === undefined ? "its digest is not recorded" : "its SHA-256 has changed";
  onNote(`The ISO ${files.iso} in the cache may be damaged: ${reason}. Tinsmith makes it again.`);
  await rm(files.iso);
  return false;
}

/** Puts an ISO into the cache: its bytes are on the disk before it gets its name, and its digest is recorded last. */
export async function keepIso(files: IsoPaths, made: string, signal?: AbortSignal): Promise<void> {
  {
    await using file = await openRegularFile(made);
    await file.sync();
  }
  const digest = await digestFile(made, { signal });
  await rename(made, files.iso);
  syncFolder(files.folder);
  await recordIso(files, digest);
}

/** Records the digest of an ISO that was put into the cache just now. */
export async function recordIso(files: IsoPaths, digest: string): Promise<void> {
  writeRecord(files, { digest, stamp: stampOf(await stat(files.iso, { bigint: true })) });
}

/**
 * Keeps an ISO of the cache from being deleted to free space, as long as it is used.
 *
 * @returns undefined when it has just been deleted.
 */
export function holdIso(iso: string): FileLock | undefined {
  return lockFolder(iso, "shared");
}

/** The time of an ISO's record is that of its last use: the ISO itself has to stay as it is. */
function noteUse({ record }: IsoPaths): void {
  const now = new Date();
  try {
    utimesSync(record, now, now);
  } catch {
    // Without it, the ISO counts as used earlier than it was.
  }
}

function readRecord({ record }: IsoPaths): IsoRecord | undefined {
  try {
    return readVersioned(record, format);
  } catch {
    // There is none, or it is damaged or a newer Tinsmith's: the ISO itself has to show that it is the right one.
    return undefined;
  }
}

function writeRecord({ record }: IsoPaths, value: IsoRecord): void {
  try {
    writeVersioned(record, format, value);
  } catch (error) {
    ignoreFullDisk(error);
  }
}
