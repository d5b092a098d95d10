import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ignoreFullDisk } from "../files/folders.ts";
import { stampOf } from "../files/tree-entries.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/writing/versioned-json.ts";

const recordName = "entry.json";

const sourceImageSchema = z.object({
  /** The path of the image's archive. */
  archive: z.string(),
  /** SHA-256 of the archive, in hexadecimal. */
  digest: z.string(),
});
/** The image that an entry is made of. */
export type SourceImage = z.infer<typeof sourceImageSchema>;

const entryRecordSchema = z.object({
  /** Names the entry for people: a noun phrase. */
  what: z.string(),
  /** The image that it is made of. */
  image: sourceImageSchema.optional(),
  /** The stamps of its files by their names; see `stampOf`. */
  files: z.record(z.string(), z.string()),
});
type EntryRecord = z.infer<typeof entryRecordSchema>;

/** A description of an entry, apart from its files. */
export type EntryDescription = Omit<EntryRecord, "files">;

const format: VersionedFormat<EntryRecord> = {
  what: "an entry of the cache",
  schema: entryRecordSchema,
  migrations: [(record) => record],
  isPrivate: true,
};

/** Records the files of an entry as they are now. */
export function recordEntry(folder: string, description: EntryDescription): void {
  writeVersioned(join(folder, recordName), format, { ...description, files: stampsIn(folder) });
}

/** Records the files of an entry again, after somebody has found that they are right. A full disk leaves it undone. */
export function renewRecord(folder: string): void {
  try {
    recordEntry(folder, describeEntry(folder) ?? { what: "" });
  } catch (error) {
    ignoreFullDisk(error);
  }
}

/** Whether the files of an entry are those that were recorded, and unchanged: none of them is read. */
export function isUnchanged(folder: string): boolean {
  const recorded = readRecord(folder)?.files;
  if (!recorded) return false;
  const now = stampsIn(folder);
  const names = Object.keys(recorded);
  return names.length === Object.keys(now).length && names.every((name) => now[name] === recorded[name]);
}

/** The description of an entry; undefined when it has no record that can be read. */
export function describeEntry(folder: string): EntryDescription | undefined {
  const { what, image } = readRecord(folder) ?? {};
  return what === undefined ? undefined : { what, ...(image !== undefined && { image }) };
}

function readRecord(folder: string): EntryRecord | undefined {
  try {
    return readVersioned(join(folder, recordName), format);
  } catch {
    // It is damaged, or a newer Tinsmith's: then nobody knows whether the entry is whole.
    return undefined;
  }
}

function stampsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const stamps = names
    .filter((name) => name !== recordName)
    .map((name) => [name, lstatSync(join(folder, name), { bigint: true })] as const)
    .filter(([, status]) => !status.isDirectory())
    .map(([name, status]) => [name, stampOf(status)]);
  return Object.fromEntries(stamps);
}
