import { mayHoldFiles } from "../../../shared/contents/holds-files.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { nearestName } from "../../../shared/text/nearest-name.ts";
import type { ByteSource } from "../../file-systems/byte-source.ts";
import type { FileEntry, FileSystem } from "../../file-systems/file-system.ts";
import { isoFormat } from "../../file-systems/iso/volume.ts";
import { followPath, namesIn } from "./follow-path.ts";
import { type LevelContext, openLevel } from "./open-level.ts";
import { showRawName } from "./raw-name.ts";
import { limitedSource } from "./work-limit.ts";

/** A file, folder or other entry in the tree of an image. */
export interface Place {
  /** From the top of the tree, with names as `showRawName` shows them: `/disk.img/partition1/etc/fstab`. */
  readonly path: string;
  readonly entry: FileEntry;
  /** The file system that has it. */
  readonly system: FileSystem;
}

interface FindOptions {
  /** Whether a symbolic link at the end of the path is followed, too. By default, one before a slash is. */
  readonly followsLink?: boolean;
}

/**
 * The contents of an image, or of any file with files in it, as one tree: a file that holds partitions, a file system or an archive
 * is a folder as well.
 */
export interface Contents extends AsyncDisposable {
  readonly top: Place;
  /**
   * Finds an entry by its path, as `Place` has it. If it is not there, it is looked for in the only file system of the image, but
   * for those of CDs. Symbolic links on the way are followed, in their file system.
   *
   * @throws AppError `missing-file`; `usage` for too many links
   */
  find(path: string, options?: FindOptions): Promise<Place>;
  /** The root of the only file system of the image, but for those of CDs; else the top of the tree. */
  findRoot(): Promise<Place>;
  /** The entries of a folder, or of a file that holds some. @throws AppError `usage` if it is neither */
  list(place: Place): AsyncIterable<Place>;
  /** The folder at a place: itself, or the top of what a file holds; undefined if it holds no files. */
  enter(place: Place): Promise<Place | undefined>;
  /** Opens the content of a regular file. @throws AppError `usage` for anything else */
  open(place: Place): Promise<ByteSource>;
}

/** The place of decompressed files, and where the notes on a file system go when it is opened. */
type ContentsContext = LevelContext & { readonly onNote?: ((text: string) => void) | undefined };

/**
 * @param image for errors
 * @param system the top level
 * @param context disposed of with the contents
 */
export function createContents(image: string, system: FileSystem, context: ContentsContext): Contents {
  const top: Place = { path: "/", entry: system.root, system };
  const tellNotes = (path: string, { notes }: FileSystem) => {
    for (const note of notes) context.onNote?.(`${path === "/" ? image : `${image}:${path}`}: ${note}`);
  };
  tellNotes("/", system);
  const levels = new Map<string, Promise<FileSystem | undefined>>();
  const open = async ({ path, entry, system }: Place) => {
    if (entry.kind !== "file") throw noFile(image, path, entry);
    return limitedSource(await system.open(entry));
  };
  const enter = async (place: Place): Promise<Place | undefined> => {
    const { path, entry } = place;
    if (entry.kind === "folder") return place;
    if (entry.kind !== "file") return undefined;
    const known = levels.get(path);
    const level = known ?? open(place).then((source) => openLevel(source, context));
    levels.set(path, level);
    // Another try may have more time.
    level.catch(() => levels.delete(path));
    if (!known) level.then((opened) => opened && tellNotes(path, opened)).catch(() => {});
    const system = await level;
    return system && { path, entry: system.root, system };
  };
  const list = async function* (place: Place) {
    const folder = await enter(place);
    if (!folder) throw noFolder(image, place);
    for await (const entry of folder.system.list(folder.entry))
      yield { path: join(place.path, entry.name), entry, system: folder.system };
  };
  const findRoot = () => onlyFileSystem(top, { list, enter });
  const namesOf = async (folder: Place): Promise<readonly string[]> => {
    const seen: string[] = [];
    for await (const { entry } of list(folder)) seen.push(showRawName(entry.name));
    return seen;
  };
  const find = async (path: string, { followsLink = path.endsWith("/") }: FindOptions = {}) => {
    const names = namesIn(path);
    const follow = (from: Place, names: readonly Buffer[]) =>
      followPath(from, names, { image, list, followsLast: followsLink });
    try {
      return await follow(top, names);
    } catch (error) {
      const [first] = names.map(showRawName);
      if (!(error instanceof AppError) || error.code !== "missing-file" || first === undefined) throw error;
      // Then the path is one from the top, and the error tells how far it leads.
      const outer = await namesOf(top);
      if (outer.includes(first)) throw error;
      const inner = await findRoot();
      if (inner.system.isContainer || inner === top) throw error;
      return await follow(inner, names).catch(async (innerError) => {
        const isMistyped = nearestName(first, outer) !== undefined;
        throw isMistyped && !(await namesOf(inner)).includes(first) ? error : innerError;
      });
    }
  };
  return {
    top,
    find,
    findRoot,
    list,
    enter,
    open,
    [Symbol.asyncDispose]: () => context.cleanup.disposeAsync(),
  };
}

/**
 * The top of the only file system of an image, or of the only one that a guest can write to: a disk may begin with a copy of the CD
 * that it was installed from. The given place if there are several or none.
 */
async function onlyFileSystem(top: Place, { list, enter }: Pick<Contents, "list" | "enter">): Promise<Place> {
  if (!top.system.isContainer) return top;
  const found: Place[] = [];
  for await (const place of list(top)) {
    const inner = await enter(place);
    if (inner) found.push(await onlyFileSystem(inner, { list, enter }));
  }
  const guests = found.filter(({ system }) => system.format !== isoFormat);
  return (guests.length === 1 ? guests : found.length === 1 ? found : [top])[0] as Place;
}

function join(folder: string, name: Buffer): string {
  return `${folder === "/" ? "" : folder}/${showRawName(name)}`;
}

/** Whether a place is a disk or a partition, which is a folder if its file system can be read. */
export function isDiskPart({ entry, system }: Place): boolean {
  return system.isContainer === true && mayHoldFiles(showRawName(entry.name));
}

function noFolder(image: string, place: Place): AppError {
  const { path, entry } = place;
  if (isDiskPart(place))
    return new AppError({
      code: "usage",
      message: `${path} in ${image} holds no file system that Tinsmith can read`,
      advice: "List the folder that it is in to see what else is there.",
    });
  return new AppError({
    code: "usage",
    message: `${path} in ${image} is ${describeKind(entry)}, and holds no files`,
    advice:
      entry.kind === "symlink" ? "Give the path of its target." : "Give the path of a folder or an archive.",
  });
}

function noFile(image: string, path: string, entry: FileEntry): AppError {
  return new AppError({
    code: "usage",
    message: `${path} in ${image} is ${describeKind(entry)}, and has no content of its own`,
    advice: entry.kind === "symlink" ? "Give the path of its target." : "Give the path of a regular file.",
  });
}

const kindNames = {
  file: "a file",
  folder: "a folder",
  symlink: "a symbolic link",
  fifo: "a named pipe",
  socket: "a socket",
  "char-device": "a character device",
  "block-device": "a block device",
} as const;

/** Says for people which kind of node an entry is, with its article. */
export function describeKind({ kind, target }: FileEntry): string {
  return target ? `${kindNames[kind]} to ${showRawName(target)}` : kindNames[kind];
}
