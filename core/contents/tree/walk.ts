import { mayHoldFiles } from "../../../shared/contents/holds-files.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Contents, Place } from "./contents.ts";
import { showRawName } from "./raw-name.ts";
import { extendLimit } from "./work-limit.ts";

/** More than the images of workers have; those of one folder are held in memory. */
const maxEntries = 350_000;
/** Folders in folders: Linux can't make a path of more than 2,048, which has 4,096 characters. */
const maxDepth = 2_048;
/** Files with files in files with files. */
const maxLevels = 6;

interface WalkOptions {
  /** Enters files that hold files, too; disks and partitions are always entered. */
  readonly levels?: boolean;
  /** Called with a sentence for each part that can't be read. */
  readonly onProblem?: (path: string, error: unknown) => void;
}

interface Folder {
  readonly place: Place;
  /** Inodes of the folders that it is in, of its own file system. */
  readonly ancestors: ReadonlySet<number>;
  readonly depth: number;
  readonly level: number;
}

/**
 * Goes through all that is below a place: folders before their content, in the order of their names.
 *
 * @throws AppError `damaged-file-system` unless problems are reported
 */
export async function* walk(
  contents: Contents,
  from: Place,
  { levels = false, onProblem }: WalkOptions = {},
): AsyncGenerator<Place> {
  let count = 0;
  const visit = async function* (folder: Folder): AsyncGenerator<Place> {
    for await (const place of childrenOf(folder.place)) {
      if (++count > maxEntries) throw tooMany(from.path);
      yield place;
      const next = await nextFolder(folder, place);
      if (next) yield* visit(next);
    }
  };
  const childrenOf = (place: Place) =>
    childrenInOrder(contents, place, {
      most: maxEntries - count,
      onError: (error) => {
        if (!onProblem || isLimit(error)) throw error;
        onProblem(place.path, error);
      },
    });
  const nextFolder = async (folder: Folder, place: Place): Promise<Folder | undefined> => {
    const { entry, path } = place;
    if (entry.kind === "folder") {
      if (folder.ancestors.has(entry.inode) || folder.depth === maxDepth) {
        onProblem?.(path, containsItself(path));
        return undefined;
      }
      const ancestors = new Set(folder.ancestors).add(entry.inode);
      return { ...folder, place, ancestors, depth: folder.depth + 1 };
    }
    const isEntered = levels || place.system.isContainer === true;
    if (!isEntered || folder.level === maxLevels || !mayHoldFiles(showRawName(entry.name))) return undefined;
    const inner = await contents.enter(place).catch((error) => {
      if (!onProblem || isLimit(error)) throw error;
      onProblem(path, error);
    });
    if (!inner) return undefined;
    const ancestors = new Set([inner.entry.inode]);
    return { place: inner, ancestors, depth: folder.depth + 1, level: folder.level + 1 };
  };
  const start = await contents.enter(from);
  if (!start) return yield from;
  yield* visit({ place: start, ancestors: new Set([start.entry.inode]), depth: 0, level: 0 });
}

interface OrderOptions {
  /** Entries that there may be. */
  readonly most?: number;
  /** Called with an error of the listing. Those that were listed before it come, unless it throws. */
  readonly onError?: (error: unknown) => void;
}

/** The entries of a folder, or of a file that holds files, in the order of their names. @throws AppError as `Contents.list` */
export async function* childrenInOrder(
  contents: Contents,
  place: Place,
  { most = maxEntries, onError = rethrow }: OrderOptions = {},
): AsyncGenerator<Place> {
  const gathered: Place[] = [];
  let count = 0;
  try {
    for await (const child of contents.list(place)) {
      if (++count > most) throw tooMany(place.path);
      if (!child.system.isSorted) gathered.push(child);
      else {
        yield child;
        // A reader that waits, such as a pager, doesn't use up the time of the image.
        extendLimit();
      }
    }
  } catch (error) {
    onError(error);
  }
  extendLimit();
  yield* gathered.sort((one, other) => Buffer.compare(one.entry.name, other.entry.name));
}

function rethrow(error: unknown): never {
  throw error;
}

function isLimit(error: unknown): boolean {
  return error instanceof AppError && ["timed-out", "interrupted", "usage"].includes(error.code);
}

/** The error for a part of an image with more entries than may be held in memory. */
function tooMany(path: string): AppError {
  return new AppError({
    code: "damaged-file-system",
    message: `${path} has more than ${maxEntries.toLocaleString("en")} entries`,
    advice: "Look into one of its folders.",
  });
}

function containsItself(path: string): AppError {
  return new AppError({
    code: "damaged-file-system",
    message: `${path} is a folder that contains itself`,
    advice: "Let the guest check its file systems.",
  });
}
