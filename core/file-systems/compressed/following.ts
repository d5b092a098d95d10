import type { ArchiveNotes } from "../archive-notes.ts";
import { freeRestName, restFile, restNote } from "../archive-rest.ts";
import { type ByteSource, sliceSource } from "../byte-source.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";

/** The data after compressed data that is not a part of it. */
export interface Following {
  /** Its place; undefined without any. */
  start: number | undefined;
  readonly notes: ArchiveNotes;
}

const pieceBytes = 256 * 1024;

/** The bytes of a source, in pieces. */
export async function* piecesOf(source: ByteSource, start = 0): AsyncGenerator<Buffer> {
  for (let at = start; at < source.size; ) {
    const piece = await source.read(at, pieceBytes);
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

/** No file system has it. */
const restInode = -1;

/**
 * The file system in compressed data, with the data that follows as one more file in its top folder.
 *
 * @param compressed with the data that follows
 */
export async function withFollowing(
  system: FileSystem,
  compressed: ByteSource,
  { start, notes }: Following,
): Promise<FileSystem> {
  if (start === undefined) return { ...system, notes: [...system.notes, ...notes.sentences()] };
  const { root } = system;
  const names = new Set<string>();
  for await (const { name } of system.list(root)) names.add(name.toString());
  const name = freeRestName(start, (taken) => names.has(taken));
  const { start: _, ...file } = restFile(compressed, start);
  const entry: FileEntry = { ...file, name: Buffer.from(name), inode: restInode, links: 1 };
  return {
    ...system,
    notes: [...system.notes, ...notes.sentences(), restNote(name)],
    isSorted: false,
    async *list(folder) {
      yield* system.list(folder);
      if (folder.inode === root.inode) yield entry;
    },
    open: async (opened) =>
      opened.inode === restInode ? sliceSource(compressed, start, file.size) : await system.open(opened),
  };
}
