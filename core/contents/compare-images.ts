import {
  type CompareOptions,
  compareLists,
  type ImageComparison,
} from "../../shared/contents/compare-lists.ts";
import type { FileList } from "../../shared/contents/file-list.ts";
import type { Paths } from "../storage/paths.ts";
import { listAllFiles } from "./list-files.ts";
import type { Contents, Place } from "./tree/contents.ts";
import { openContents } from "./tree/open-contents.ts";
import { withinLimit } from "./tree/work-limit.ts";

/** Two images, or folders or files in them. */
export type ImagePair = readonly [first: NamedContents, second: NamedContents];

interface NamedContents {
  /** For errors. */
  readonly name: string;
  readonly contents: Contents;
  /** The folder or file that is compared, in place of the whole image. */
  readonly from?: Place | undefined;
}

/**
 * Compares all files of two images, or of a folder in each, which need not be the same. Paths are those in the first image.
 *
 * @throws AppError `timed-out` when a part of one takes too long; the signal's reason
 */
export async function compareContents(
  [first, second]: ImagePair,
  signal: AbortSignal | undefined,
  options: CompareOptions = {},
): Promise<ImageComparison> {
  const list = ({ name, contents, from }: NamedContents): Promise<FileList> =>
    withinLimit(`reading ${name}`, signal, () => listAllFiles(contents, from));
  const before = await list(first);
  const listed = await list(second);
  const move = createMove(baseOf(second), baseOf(first));
  const after = { ...listed, entries: listed.entries.map((entry) => ({ ...entry, path: move(entry.path) })) };
  const problemsOf = ({ name }: NamedContents, { problems }: FileList) =>
    problems.map((problem) => `${name}: ${problem}`);
  return {
    comparison: compareLists(before, after, options),
    problems: [...problemsOf(first, before), ...problemsOf(second, after)],
  };
}

/** The path in the second image that is compared with one in the first. */
export function pathInSecond([first, second]: ImagePair, path: string): string {
  return createMove(baseOf(first), baseOf(second))(path);
}

function baseOf({ contents, from = contents.top }: NamedContents): string {
  return from.path === "/" ? "" : from.path;
}

/** Moves paths from one folder to another. */
function createMove(from: string, to: string): (path: string) => string {
  return (path) => to + path.slice(from.length);
}

interface CompareContext extends CompareOptions {
  readonly paths: Paths;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
}

/** Compares all files of two image archives, given by their paths. @throws AppError as `openContents` and `compareContents` */
export async function compareArchives(
  first: string,
  second: string,
  { paths, signal, onNote, ...options }: CompareContext,
): Promise<ImageComparison> {
  await using before = await openContents(paths, first, { signal, onNote });
  await using after = await openContents(paths, second, { signal, onNote });
  const pair: ImagePair = [
    { name: first, contents: before },
    { name: second, contents: after },
  ];
  return await compareContents(pair, signal, options);
}
