import { type BigIntStats, lstatSync, readdirSync } from "node:fs";
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

/** The bits of a mode that let a group or others enter a folder, or write. */
const mayEnter = 0o011n;
const mayWrite = 0o022n;

/** Whether nobody but this user and root can have made an entry, or can change it. */
export function isOwn(folder: string): boolean {
  const users = [process.getuid?.() ?? 0, 0].map(BigInt);
  const top = lstatSync(folder, { bigint: true });
  // Nobody else reaches the files in a folder that they can't enter, whatever the modes of these are.
  const isClosed = (top.mode & mayEnter) === 0n;
  const isWritable = (status: BigIntStats) => !status.isSymbolicLink() && (status.mode & mayWrite) !== 0n;
  return [top, ...treeIn(folder).map(([, status]) => status)].every(
    (status) => users.includes(status.uid) && (isClosed || !isWritable(status)),
  );
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
  const stamps = treeIn(folder)
    .filter(([name, status]) => name !== recordName && !status.isDirectory())
    .map(([name, status]) => [name, stampOf(status)]);
  return Object.fromEntries(stamps);
}

/** All files and folders in a folder, by their names from there. */
function treeIn(folder: string): readonly (readonly [name: string, status: BigIntStats])[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.map((name) => [name, lstatSync(join(folder, name), { bigint: true })]);
}
