import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type FileList, fileListSchema } from "../../../shared/contents/file-list.ts";
import { digestText } from "../../files/digest.ts";
import { makeFolder } from "../../files/folders.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { PartialFile } from "../../files/writing/partial-file.ts";
import type { Paths } from "../../storage/paths.ts";

/** File lists that are kept for each archive's path. */
const maxKept = 5;
/** Bytes of a file list of a million entries, at most. */
const maxListBytes = 512 * 1024 * 1024;
const ending = ".json.gz";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Keeps the list of an image's files, in place of the oldest of the archives that were at that path.
 *
 * @param archive the archive's path
 * @param digest SHA-256 of the archive, in hexadecimal
 */
export async function keepFileList(
  paths: Paths,
  archive: string,
  digest: string,
  list: FileList,
): Promise<void> {
  const folder = folderOf(paths, archive);
  makeFolder(folder);
  await using file = await PartialFile.create(join(folder, digest + ending));
  await file.write(await compress(JSON.stringify(list)), 0);
  await file.commit();
  for (const name of newestFirst(folder).slice(maxKept)) rmSync(join(folder, name), { force: true });
}

/** The file list of an archive that was at that path; undefined if none is kept. */
export async function recallFileList(
  paths: Paths,
  archive: string,
  digest: string,
): Promise<FileList | undefined> {
  return await readList(join(folderOf(paths, archive), digest + ending));
}

/** Forgets the file lists of an archive that is gone. */
export function forgetFileLists(paths: Paths, archive: string): void {
  rmSync(folderOf(paths, archive), { recursive: true, force: true });
}

function folderOf(paths: Paths, archive: string): string {
  return join(paths.fileLists, digestText(archive));
}

function newestFirst(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const timeOf = (name: string) => statSync(join(folder, name)).mtimeMs;
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort((one, other) => timeOf(other) - timeOf(one));
}

/** A list that is gone, damaged or another Tinsmith's is none: the next build makes a new one. */
async function readList(path: string): Promise<FileList | undefined> {
  try {
    await using file = await openRegularFile(path);
    const text = await decompress(await file.readFile(), { maxOutputLength: maxListBytes });
    return fileListSchema.parse(JSON.parse(text.toString()));
  } catch {
    return undefined;
  }
}
