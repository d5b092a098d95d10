import { type DirectoryRecord, jolietName, plainName, readRecords } from "./directory-record.ts";
import { type IsoFile, sectorBytes } from "./iso-file.ts";
import { rockRidgeName, rockRidgeSkip } from "./rock-ridge.ts";
import type { Volume } from "./volume.ts";

/** Bytes of a folder that are read: thousands of files. */
const maxFolderBytes = 512 * 1024;

/** A file in an ISO. */
export interface IsoEntry {
  /** Bytes from the beginning of the ISO. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** The files of an ISO. */
export interface IsoTree {
  /** Finds a file by its path; undefined if there is none. A name that differs in case only is found as well. */
  readonly find: (path: string) => Promise<IsoEntry | undefined>;
  /** Reads a file of text; undefined if there is none, or if it is larger than `maxTextBytes`. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

/** Bytes of a file of text that are read, such as of a boot loader's configuration. */
const maxTextBytes = 512 * 1024;

/**
 * Gives access to the files of an ISO by path. Only the folders of a path are read, each once, so that folders that
 * contain each other can't make it endless.
 */
export async function createIsoTree(file: IsoFile, { root, joliet }: Volume): Promise<IsoTree> {
  const [self] = readRecords(await contentOf(file, root), sectorBytes);
  const skip = self && rockRidgeSkip(self);
  const usesJoliet = skip === undefined && joliet !== undefined;
  const nameOf = async (record: DirectoryRecord) => {
    if (usesJoliet) return jolietName(record);
    return (skip === undefined ? undefined : await rockRidgeName(file, record, skip)) ?? plainName(record);
  };
  const folders = new Map<number, Promise<ReadonlyMap<string, DirectoryRecord>>>();
  const namesIn = async (folder: DirectoryRecord) => {
    // The first two are the folder itself and its parent.
    const records = readRecords(await contentOf(file, folder), sectorBytes).slice(2);
    const names = new Map<string, DirectoryRecord>();
    for (const record of records) names.set(await nameOf(record), record);
    return names;
  };
  const open = (folder: DirectoryRecord) => {
    const known = folders.get(folder.sector) ?? namesIn(folder);
    folders.set(folder.sector, known);
    return known;
  };
  const find = async (path: string) => {
    let current = usesJoliet ? joliet : root;
    for (const part of partsOf(path)) {
      if (!current.isFolder) return undefined;
      const names = await open(current);
      const found = names.get(part) ?? otherCase(names, part);
      if (!found) return undefined;
      current = found;
    }
    return current.isFolder ? undefined : { offset: current.sector * sectorBytes, size: current.size };
  };
  const readText = async (path: string) => {
    const entry = await find(path);
    if (!entry || entry.size > maxTextBytes) return undefined;
    return (await file.readAll(entry.offset, entry.size)).toString("utf8");
  };
  return { find, readText };
}

async function contentOf(file: IsoFile, folder: DirectoryRecord): Promise<Buffer> {
  return await file.read(folder.sector * sectorBytes, Math.min(folder.size, maxFolderBytes));
}

function otherCase(names: ReadonlyMap<string, DirectoryRecord>, part: string): DirectoryRecord | undefined {
  const wanted = part.toLowerCase();
  for (const [name, record] of names) if (name.toLowerCase() === wanted) return record;
  return undefined;
}

/** The names in a path, without detours. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
