import { isZero } from "../image/disk/zeros.ts";
import type { ArchiveNotes } from "./archive-notes.ts";
import type { ArchiveFile, ArchiveTree } from "./archive-tree.ts";
import type { ByteSource } from "./byte-source.ts";

const zerosAtOnce = 64 * 1024;
/** Programs fill an archive up to 512 bytes or some kilobytes. */
const mostZeros = 16 * 1024 ** 2;

/** Finds the data that follows an archive, after zeros. @returns undefined without any, or, with a note, after too many zeros */
export async function findRest(
  source: ByteSource,
  end: number,
  notes: ArchiveNotes,
): Promise<number | undefined> {
  const last = Math.min(source.size, end + mostZeros);
  for (let at = end; at < last; ) {
    const piece = await source.read(at, Math.min(zerosAtOnce, last - at));
    if (piece.length === 0) return undefined;
    if (!isZero(piece)) return at + piece.findIndex((byte) => byte !== 0);
    at += piece.length;
  }
  if (last < source.size)
    notes.add(`Over ${mostZeros} zero bytes follow the archive. Data after them is not shown.`);
  return undefined;
}

/** Shows the data that follows an archive as a file in its top folder, with a note. @param start its place in the archive */
export function addRest(tree: ArchiveTree, source: ByteSource, start: number): void {
  const name = freeRestName(start, (taken) => tree.find(Buffer.from(taken)) !== undefined);
  tree.add(Buffer.from(name), restFile(source, start));
  tree.notes.add(restNote(name));
}

/** The name of the file for the data that follows, which hides no file of the archive. */
export function freeRestName(start: number, isTaken: (name: string) => boolean): string {
  let name = `rest-at-${start}`;
  while (isTaken(name)) name += "-too";
  return name;
}

/** A sentence about that file. */
export function restNote(name: string): string {
  return `Other data follows the archive. It is shown as the file ${name}.`;
}

/** That file. */
export function restFile(source: ByteSource, start: number) {
  const size = source.size - start;
  const unknown = { mode: undefined, uid: undefined, gid: undefined, modified: undefined };
  return { ...unknown, kind: "file", size, allocated: size, start } as const satisfies ArchiveFile;
}
