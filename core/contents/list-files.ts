import type { FileList, ListedEntry } from "../../shared/contents/file-list.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import { describeEntry } from "./describe-entry.ts";
import { digestData } from "./digest-source.ts";
import { type Contents, isDiskPart, type Place } from "./tree/contents.ts";
import { walk } from "./tree/walk.ts";

/**
 * Lists all files of an image, or of a folder in it, and those in its archives and file systems, with the digests of their contents, in the order of their
 * paths. A part that can't be read becomes a problem.
 *
 * @throws AppError `timed-out`, `interrupted`
 */
export async function listAllFiles(contents: Contents, from: Place = contents.top): Promise<FileList> {
  const entries: ListedEntry[] = [];
  const problems: string[] = [];
  const onProblem = (path: string, error: unknown) => {
    problems.push(`${path} can't be read: ${toAppError(error).message}`);
  };
  // Hard links are read once.
  const digests = new Map<string, string>();
  for await (const place of walk(contents, from, { levels: true, onProblem })) {
    const { name: _name, mayHoldFiles: _may, ...described } = describeEntry(place);
    const digest = await digestOf(contents, place, digests).catch((error) => {
      if (["timed-out", "interrupted"].includes(toAppError(error).code)) throw error;
      onProblem(place.path, error);
      return undefined;
    });
    entries.push({ ...described, ...(digest !== undefined && { digest }) });
  }
  return { entries, problems };
}

/** The digest of a file; undefined for a disk or a partition whose files are listed. */
async function digestOf(
  contents: Contents,
  place: Place,
  digests: Map<string, string>,
): Promise<string | undefined> {
  const { path, entry } = place;
  if (entry.kind !== "file" || (isDiskPart(place) && (await contents.enter(place)))) return undefined;
  if (entry.links === 1) return await digestData(await contents.open(place));
  const file = `${path.slice(0, -entry.name.length)} ${entry.inode}`;
  const known = digests.get(file) ?? (await digestData(await contents.open(place)));
  digests.set(file, known);
  return known;
}
