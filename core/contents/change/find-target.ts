import { AppError } from "../../../shared/errors/errors.ts";
import type { FileEntry, FileSystem } from "../../file-systems/file-system.ts";
import { type Contents, describeKind, type Place } from "../tree/contents.ts";
import { parseRawName, showRawName } from "../tree/raw-name.ts";

/** The place of a file in a file system or an archive: one that is there, or is to be added. */
export interface TargetFile {
  /** The names of the folders that it is in, from the root. */
  readonly folder: readonly Buffer[];
  readonly name: Buffer;
  /** Its folder. */
  readonly parent: FileEntry;
  /** The file that is there. */
  readonly replaced: FileEntry | undefined;
}

/** The place on a disk that a file is to be written to. */
export interface Target {
  /** In the tree of the image, as `Place` has it. */
  readonly path: string;
  readonly system: FileSystem;
  /** The file that holds the file system: a disk, or a partition of it. */
  readonly holder: Place;
  /** The place of the file system on the disk, in bytes. */
  readonly offset: number;
  /** The file in it that is written: that of the path, or the archive that has it. */
  readonly file: TargetFile;
  /** The archive, and the file in it. */
  readonly inner?: { readonly archive: Place; readonly file: TargetFile };
}

/** A file system or archive in the tree, and a path in it. */
interface Level {
  readonly system: FileSystem;
  /** The file that holds it; undefined for the top of the tree. */
  readonly holder: Place | undefined;
  /** The entries on the way from the root to the last one. */
  readonly entries: readonly FileEntry[];
}

/**
 * Finds the place that a file is to be written to.
 *
 * @param path of a file that is there or is to be added, or of a folder that gets it under its own name; as `Contents.find` takes it
 * @param ownName the file's own name
 * @throws AppError `missing-file` without the folder; `usage` for a place that can't be written to
 */
export async function findTarget(contents: Contents, path: string, ownName: Buffer): Promise<Target> {
  const { folder, name: wanted } = await findFolder(contents, path, ownName);
  const replaced = await findEntry(contents, folder, wanted);
  const name = replaced?.name ?? wanted;
  const shown = `${folder.path === "/" ? "" : folder.path}/${showRawName(name)}`;
  if (replaced) requirePlainFile(shown, replaced);
  const [disk, ...levels] = await levelsOf(contents, folder);
  const isPartitioned = levels[0]?.system.isContainer === true;
  const [fileLevel, innerLevel, tooDeep] = isPartitioned ? levels.slice(1) : levels;
  if (!disk || !fileLevel?.holder) throw notInFileSystem(shown);
  if (tooDeep) throw tooDeeplyNested(shown);
  const parts = levels[0]?.system.parts ?? [];
  const partition = fileLevel.holder.entry.name.toString();
  const offset = isPartitioned ? parts.find((part) => part.name === partition)?.offset : 0;
  if (offset === undefined) throw notInFileSystem(shown);
  const target = { name, replaced };
  const place = { path: shown, system: fileLevel.system, holder: fileLevel.holder, offset };
  if (!innerLevel?.holder) return { ...place, file: { ...target, ...folderOf(fileLevel) } };
  const archive = innerLevel.holder;
  requirePlainFile(archive.path, archive.entry);
  if (innerLevel.system.format !== "tar") throw otherArchive(shown, innerLevel.system.format);
  const outer = folderOf({ ...fileLevel, entries: fileLevel.entries.slice(0, -1) });
  return {
    ...place,
    file: { ...outer, name: archive.entry.name, replaced: archive.entry },
    inner: { archive, file: { ...target, ...folderOf(innerLevel) } },
  };
}

function folderOf({ system, entries }: Level): Pick<TargetFile, "folder" | "parent"> {
  return { folder: entries.map(({ name }) => name), parent: entries.at(-1) ?? system.root };
}

/** The entry of a folder that a file of a name would replace. */
async function findEntry(contents: Contents, folder: Place, name: Buffer): Promise<FileEntry | undefined> {
  let found: FileEntry | undefined;
  for await (const { entry } of contents.list(folder)) {
    if (entry.name.equals(name)) return entry;
    if (folder.system.answersTo?.(entry, name)) found = entry;
  }
  return found;
}

/** The folder that is to have the file, and the file's name in it. */
async function findFolder(
  contents: Contents,
  path: string,
  ownName: Buffer,
): Promise<{ readonly folder: Place; readonly name: Buffer }> {
  const end = path.replace(/\/+$/, "").lastIndexOf("/");
  const found = await contents.find(path).catch((error) => {
    if (error instanceof AppError && error.code === "missing-file" && !path.endsWith("/")) return undefined;
    throw error;
  });
  if (found && (found.entry.kind === "folder" || path.endsWith("/")))
    return { folder: await enter(contents, found), name: ownName };
  if (found) {
    const parent = found.path.slice(0, found.path.lastIndexOf("/")) || "/";
    return { folder: await enter(contents, await contents.find(parent)), name: found.entry.name };
  }
  const folder = await enter(contents, await contents.find(path.slice(0, end + 1) || "/"));
  return { folder, name: parseRawName(path.slice(end + 1)) };
}

/** Nothing can be put into the top of the tree, which stands for the root of the only file system. */
async function enter(contents: Contents, place: Place): Promise<Place> {
  const inner = await contents.enter(place === contents.top ? await contents.findRoot() : place);
  if (inner) return inner;
  throw new AppError({
    code: "usage",
    message: `${place.path} is not a folder, and holds no files`,
    advice:
      place.entry.kind === "symlink"
        ? "Give the path of its target."
        : "Give a path in a folder or an archive.",
  });
}

/** The levels on the way to a folder, the top of the tree first. */
async function levelsOf(contents: Contents, folder: Place): Promise<readonly Level[]> {
  const levels: Level[] = [{ system: contents.top.system, holder: undefined, entries: [] }];
  const add = (level: Level) => void levels.push(level);
  let last = contents.top;
  const names = folder.path.split("/").filter(Boolean);
  for (let count = 1; count <= names.length; count++) {
    const place = await contents.find(`/${names.slice(0, count).join("/")}`);
    const level = levels.at(-1) as Level;
    if (place.system === level.system)
      levels[levels.length - 1] = { ...level, entries: [...level.entries, place.entry] };
    else add({ system: place.system, holder: last, entries: [place.entry] });
    last = place;
  }
  if (folder.system !== last.system) add({ system: folder.system, holder: last, entries: [] });
  return levels;
}

function requirePlainFile(path: string, entry: FileEntry): void {
  const { kind, links } = entry;
  if (kind === "file" && links === 1) return;
  throw new AppError({
    code: "usage",
    message: `${path} can't be replaced: it ${kind === "file" ? "has other names (hard links)" : `is ${describeKind(entry)}`}`,
    advice: kind === "symlink" ? "Give the path of its target." : "Give the path of another file.",
  });
}

function notInFileSystem(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is not in a file system of the image`,
    advice: "Give a path in one of its file systems: tinsmith ls-image lists them.",
  });
}

function otherArchive(path: string, format: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is in an archive of the format ${format}: only tar archives can be changed`,
    advice: "Change the archive outside of the image, then put it into the image.",
  });
}

function tooDeeplyNested(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is in an archive that is in another archive`,
    advice: "Change the inner archive outside of the image, then put that archive into the image.",
  });
}
