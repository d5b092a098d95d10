import {
  type CompareOptions,
  compareLists,
  type ImageComparison,
} from "../../shared/contents/compare-lists.ts";
import type { FileList } from "../../shared/contents/file-list.ts";
import type { Paths } from "../storage/paths.ts";
import { listAllFiles } from "./list-files.ts";
import type { Contents } from "./tree/contents.ts";
import { openContents } from "./tree/open-contents.ts";
import { withinLimit } from "./tree/work-limit.ts";

/** Two images, each with its name for errors. */
export type ImagePair = readonly [first: NamedContents, second: NamedContents];

interface NamedContents {
  readonly name: string;
  readonly contents: Contents;
}

/** Compares all files of two images. @throws AppError `timed-out` when a part of one takes too long; the signal's reason */
export async function compareContents(
  [first, second]: ImagePair,
  signal: AbortSignal | undefined,
  options: CompareOptions = {},
): Promise<ImageComparison> {
  const list = ({ name, contents }: NamedContents): Promise<FileList> =>
    withinLimit(`reading ${name}`, signal, () => listAllFiles(contents));
  const before = await list(first);
  const after = await list(second);
  const problemsOf = ({ name }: NamedContents, { problems }: FileList) =>
    problems.map((problem) => `${name}: ${problem}`);
  return {
    comparison: compareLists(before, after, options),
    problems: [...problemsOf(first, before), ...problemsOf(second, after)],
  };
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
