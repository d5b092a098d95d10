import {
  type CompareOptions,
  type ImageComparison,
  ListComparison,
} from "../../shared/contents/compare-lists.ts";
import type { ListedEntry } from "../../shared/contents/file-list.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { Paths } from "../storage/paths.ts";
import { eachFile } from "./list-files.ts";
import type { Contents, Place } from "./tree/contents.ts";
import { openContents } from "./tree/open-contents.ts";
import { placeInOrder } from "./tree/raw-name.ts";
import { withinLimit } from "./tree/work-limit.ts";

/** More than anybody reads; all of them are in memory. */
const mostDifferences = 200_000;

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
 * @throws AppError `timed-out` when a part of one takes too long; `usage` if more than 200,000 files differ; the signal's reason
 */
export async function compareContents(
  [first, second]: ImagePair,
  signal: AbortSignal | undefined,
  options: CompareOptions = {},
): Promise<ImageComparison> {
  const [firstProblems, secondProblems]: [string[], string[]] = [[], []];
  const move = createMove(baseOf(second), baseOf(first));
  const comparison = new ListComparison(options);
  await withinLimit(`comparing ${first.name} and ${second.name}`, signal, async () => {
    const before = eachFile(first.contents, firstProblems, first.from);
    const after = eachFile(second.contents, secondProblems, second.from);
    for await (const pair of pairsOf(before, after, move)) {
      comparison.add(...pair);
      if (comparison.differences > mostDifferences) throw tooDifferent(first.name, second.name);
    }
  });
  const problemsOf = ({ name }: NamedContents, problems: readonly string[]) =>
    problems.map((problem) => `${name}: ${problem}`);
  return {
    comparison: comparison.finish(),
    problems: [...problemsOf(first, firstProblems), ...problemsOf(second, secondProblems)],
  };
}

function tooDifferent(first: string, second: string): AppError {
  return new AppError({
    code: "usage",
    message: `more than ${mostDifferences.toLocaleString("en")} files differ between ${first} and ${second}`,
    advice: "Compare a folder of each: tinsmith diff FIRST:PATH SECOND:PATH.",
  });
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

type Pair = readonly [before: ListedEntry | undefined, after: ListedEntry | undefined];

/**
 * The entries of the same path in two lists in the order of `eachFile`. One that only one list has is alone.
 *
 * @param move the path in the first list for one in the second
 */
async function* pairsOf(
  first: AsyncGenerator<ListedEntry>,
  second: AsyncGenerator<ListedEntry>,
  move: (path: string) => string,
): AsyncGenerator<Pair> {
  const next = async (entries: AsyncGenerator<ListedEntry>) => {
    const { value } = await entries.next();
    if (!value) return undefined;
    const entry: ListedEntry = entries === second ? { ...value, path: move(value.path) } : value;
    return { entry, order: placeInOrder(entry.path) };
  };
  let [before, after] = [await next(first), await next(second)];
  while (before || after) {
    const isFirst = before !== undefined && (!after || before.order <= after.order);
    const isSecond = after !== undefined && (!before || after.order <= before.order);
    yield [isFirst ? before?.entry : undefined, isSecond ? after?.entry : undefined];
    if (isFirst) before = await next(first);
    if (isSecond) after = await next(second);
  }
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
  const opening = { readsAll: true, signal, onNote };
  await using before = await openContents(paths, first, opening);
  await using after = await openContents(paths, second, opening);
  const pair: ImagePair = [
    { name: first, contents: before },
    { name: second, contents: after },
  ];
  return await compareContents(pair, signal, options);
}
