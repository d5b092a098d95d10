import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ignoreFullDisk } from "../files/folders.ts";
import { stampOf } from "../files/tree-entries.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/writing/versioned-json.ts";

const recordName = "entry.json";

const entryRecordSchema = z.object({
  /** Names the entry for people: a noun phrase. */
  what: z.string(),
  /** The stamps of its files by their names; see `stampOf`. */
  files: z.record(z.string(), z.string()),
});
type EntryRecord = z.infer<typeof entryRecordSchema>;

const format: VersionedFormat<EntryRecord> = {
  what: "an entry of the cache",
  schema: entryRecordSchema,
  migrations: [(record) => record],
};

/** Records the files of an entry as they are now. */
export function recordEntry(folder: string, what: string): void {
  writeVersioned(join(folder, recordName), format, { what, files: stampsIn(folder) });
}

/** Records the files of an entry again, after somebody has found that they are right. A full disk leaves it undone. */
export function renewRecord(folder: string): void {
  try {
    recordEntry(folder, describeEntry(folder) ?? "");
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

/** The name of an entry for people; undefined when it has no record that can be read. */
export function describeEntry(folder: string): string | undefined {
  return readRecord(folder)?.what;
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
