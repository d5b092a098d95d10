import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { toAppError } from "../../../shared/errors/errors.ts";
import { type BuildRecord, buildRecordSchema, type InputChange } from "../../../shared/library/library.ts";
import { type Digests, digestText } from "../../files/digest.ts";
import { statusOf } from "../../files/regular-file.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../../files/writing/versioned-json.ts";
import type { Paths } from "../../storage/paths.ts";
import { withInputKinds, withoutTimes } from "../inputs/input-kinds.ts";

/** The record of an archive that was built here. */
const knownArchiveSchema = z.object({
  path: z.string(),
  /**
   * Bytes and time of change of the archive as it was then: the record does not count for another archive of that
   * name.
   */
  size: z.number(),
  modified: z.number(),
  /** SHA-256, in hexadecimal. */
  digest: z.string(),
  record: buildRecordSchema,
});
export type KnownArchive = z.infer<typeof knownArchiveSchema>;

/** The file of the record of a build. */
export const buildRecordFormat: VersionedFormat<KnownArchive> = {
  what: "a build record",
  schema: knownArchiveSchema,
  migrations: [
    // The first records named no version.
    (known) => known,
    // The inputs had no kinds.
    (known) => ({ ...known, record: changeInputs(known.record, withInputKinds) }),
    // Large files had no digests.
    (known) => ({ ...known, record: changeInputs(known.record, withoutTimes) }),
  ],
};

function changeInputs(record: unknown, change: (inputs: unknown) => unknown): unknown {
  const { inputs, ...rest } = z.looseObject({ inputs: z.unknown() }).parse(record);
  return { ...rest, inputs: change(inputs) };
}

/** A record file that a person has damaged stays as it is, too. */
const forgivable: readonly string[] = ["no-space", "newer-version", "usage"];

/**
 * Remembers how an archive was built, in place of the record of an earlier one of that name. On a full disk, or where
 * a newer Tinsmith has left its own record, it is forgotten: the archive is there all the same.
 */
export function rememberBuild(paths: Paths, path: string, digest: string, record: BuildRecord): void {
  const { size, mtimeMs: modified } = statSync(path);
  try {
    writeVersioned(recordFile(paths, path), buildRecordFormat, { path, size, modified, digest, record });
  } catch (error) {
    const { code } = toAppError(error);
    if (!forgivable.includes(code)) throw error;
  }
}

/**
 * The record of the archive at that path, if it was built here and has the same content still, whatever its time is.
 *
 * @throws as `digests` does for an archive that can't be read
 */
export async function recallByContent(
  paths: Paths,
  path: string,
  digests: Digests,
): Promise<KnownArchive | undefined> {
  const { known } = readBuildRecord(paths, path);
  return known && statusOf(path) && (await isBuilt(paths, path, known, digests)) ? known : undefined;
}

/** Whether an archive has the content of its record. One that was only touched is recorded with its new time. @throws as `digests` does */
export async function isBuilt(
  paths: Paths,
  path: string,
  { digest, record, modified }: KnownArchive,
  digests: Digests,
): Promise<boolean> {
  if ((await digests.file(path)) !== digest) return false;
  const now = statusOf(path)?.mtimeMs;
  if (now !== undefined && now !== modified) rememberBuild(paths, path, digest, record);
  return true;
}

/** The record of the archive at that path, if it was built here and has the same size and time still: nothing is read. */
export function recallBuild(paths: Paths, path: string): KnownArchive | undefined {
  const status = statusOf(path);
  if (!status) return undefined;
  const { known } = readBuildRecord(paths, path);
  return known?.size === status.size && known.modified === status.mtimeMs ? known : undefined;
}

/** The record of the last build of an archive of that name, which may be another one now; or why there is none. */
export function readBuildRecord(
  paths: Paths,
  path: string,
): { readonly known?: KnownArchive; readonly problem?: InputChange } {
  const file = recordFile(paths, path);
  if (!existsSync(file)) return { problem: "not-built-here" };
  try {
    return { known: readVersioned(file, buildRecordFormat) };
  } catch (error) {
    return { problem: toAppError(error).code === "newer-version" ? "newer-record" : "damaged-record" };
  }
}

/** Forgets an archive that is gone. */
export function forgetBuild(paths: Paths, path: string): void {
  rmSync(recordFile(paths, path), { force: true });
}

function recordFile(paths: Paths, archive: string): string {
  return join(paths.builds, `${digestText(archive)}.json`);
}
