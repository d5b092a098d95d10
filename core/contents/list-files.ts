import type { FileList, ListedEntry } from "../../shared/contents/file-list.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { FileSystem } from "../file-systems/file-system.ts";
import { describeEntry } from "./describe-entry.ts";
import { digestData } from "./digest-source.ts";
import { type Contents, isDiskPart, type Place } from "./tree/contents.ts";
import { walk } from "./tree/walk.ts";

/** Digests of files with several names, by their inodes: hard links are read once. */
type Digests = WeakMap<FileSystem, Map<number, string>>;

/**
 * Lists all files of an image, or of a folder in it, and those in its archives and file systems, with the digests of their contents,
 * folders before their content, in the order of their names as bytes.
 *
 * @param problems gets a sentence for each part that can't be read
 * @throws AppError `timed-out`, `interrupted`
 */
export async function* eachFile(
  contents: Contents,
  problems: string[],
  from = contents.top,
): AsyncGenerator<ListedEntry> {
  const onProblem = (path: string, error: unknown) => {
    problems.push(`${path} can't be read: ${toAppError(error).message}`);
  };
  const digests: Digests = new WeakMap();
  for await (const place of walk(contents, from, { levels: true, onProblem })) {
    const { name: _name, mayHoldFiles: _may, ...described } = describeEntry(place);
    const digest = await digestOf(contents, place, digests).catch((error) => {
      if (["timed-out", "interrupted"].includes(toAppError(error).code)) throw error;
      onProblem(place.path, error);
      return undefined;
    });
    yield { ...described, ...(digest !== undefined && { digest }) };
  }
}

/** Lists all files of an image, as `eachFile`. */
export async function listAllFiles(contents: Contents): Promise<FileList> {
  const entries: ListedEntry[] = [];
  const problems: string[] = [];
  for await (const entry of eachFile(contents, problems)) entries.push(entry);
  return { entries, problems };
}

/** The digest of a file; undefined for a disk or a partition whose files are listed. */
async function digestOf(contents: Contents, place: Place, digests: Digests): Promise<string | undefined> {
  const { entry, system } = place;
  if (entry.kind !== "file" || (isDiskPart(place) && (await contents.enter(place)))) return undefined;
  if (entry.links === 1) return await digestData(await contents.open(place));
  const linked = digests.get(system) ?? new Map<number, string>();
  digests.set(system, linked);
  const known = linked.get(entry.inode) ?? (await digestData(await contents.open(place)));
  linked.set(entry.inode, known);
  return known;
}
