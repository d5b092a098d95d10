import { damaged } from "../damaged.ts";
import { safeName } from "../entry-name.ts";
import {
  type DirectoryRecord,
  jolietName,
  plainName,
  readRecord,
  readRecords,
  sectorBytes,
} from "./directory-record.ts";
import { type IsoBytes, type RockRidge, readRockRidge, rockRidgeSkip } from "./rock-ridge.ts";
import type { Volume } from "./volume.ts";

/** Bytes of a folder that are read: a million files. */
const maxFolderBytes = 64 * 1024 ** 2;
/** Bytes of a folder that are read at once, in whole sectors. */
const pieceBytes = 16 * sectorBytes;
/** Parts of a file, of which all but the last have nearly 4 GiB. */
const maxParts = 1024;

/** A part of an ISO, in bytes from its beginning. */
interface Part {
  readonly offset: number;
  readonly size: number;
}

/** A file or folder in an ISO, under its best name: that of Rock Ridge, or Joliet, or the plain one. */
export interface IsoNode {
  readonly name: Buffer;
  readonly isFolder: boolean;
  /** Its content, in order. A folder has one part. */
  readonly parts: readonly Part[];
  readonly recorded: number | undefined;
  readonly rockRidge: RockRidge;
  /** The place of its record in the ISO, in bytes. */
  readonly position: number;
}

/** The folders of an ISO. */
export interface IsoFolders {
  readonly root: IsoNode;
  /** Reads the entries of a folder, without itself and its parent. @throws AppError `damaged-file-system` */
  readonly list: (folder: IsoNode) => AsyncIterable<IsoNode>;
}

/** Gives access to the folders of an ISO. */
export async function openIsoFolders(source: IsoBytes, { root, joliet }: Volume): Promise<IsoFolders> {
  const self = await recordAt(source, root.sector);
  const skip = self && rockRidgeSkip(self);
  const usesJoliet = skip === undefined && joliet !== undefined;
  const top = usesJoliet ? joliet : root;
  const rockRidgeOf = async (record: DirectoryRecord) =>
    skip === undefined ? {} : await readRockRidge(source, record, skip);
  const nodeOf = async (records: readonly DirectoryRecord[], position: number): Promise<IsoNode> => {
    const record = records.at(-1) as DirectoryRecord;
    const rockRidge = await rockRidgeOf(record);
    const name = usesJoliet ? jolietName(record) : plainName(record);
    const moved = rockRidge.movedTo === undefined ? undefined : await recordAt(source, rockRidge.movedTo);
    return {
      name: safeName(rockRidge.name ?? Buffer.from(name)),
      isFolder: record.isFolder || moved?.isFolder === true,
      parts: moved ? [partOf(moved)] : records.map(partOf),
      recorded: record.recorded,
      rockRidge: moved ? { ...(await rockRidgeOf(moved)), isMoved: false } : rockRidge,
      position,
    };
  };
  const rootNode: IsoNode = {
    name: Buffer.alloc(0),
    isFolder: true,
    parts: [partOf(top)],
    recorded: top.recorded,
    rockRidge: self && !usesJoliet ? await rockRidgeOf(self) : {},
    position: top.sector * sectorBytes,
  };
  const list = async function* (folder: IsoNode) {
    let parts: DirectoryRecord[] = [];
    let index = 0;
    for await (const { record, position } of recordsOf(source, folder)) {
      // The first two are the folder itself and its parent.
      if (index++ < 2) continue;
      parts.push(record);
      if (parts.length > maxParts)
        throw damaged(`${placeOf(folder)} has a file of more than ${maxParts} parts`);
      if (record.isContinued) continue;
      const node = await nodeOf(parts, position);
      parts = [];
      // It is listed at the place from which it was moved.
      if (!node.rockRidge.isMoved) yield node;
    }
  };
  return { root: rootNode, list };
}

/** A file or folder as an error names it. */
export function placeOf({ isFolder, name }: IsoNode): string {
  if (name.length === 0) return "the root folder";
  return `the ${isFolder ? "folder" : "file"} ${JSON.stringify(name.toString())}`;
}

async function* recordsOf(source: IsoBytes, folder: IsoNode) {
  const { offset, size } = folder.parts[0] ?? { offset: 0, size: 0 };
  if (size > maxFolderBytes)
    throw damaged(`${placeOf(folder)} has ${size} bytes, which is more than a folder needs`);
  for (let at = 0; at < size; at += pieceBytes) {
    const length = Math.min(pieceBytes, size - at);
    const piece = await source.read(offset + at, length);
    for (const { record, place } of readRecords(piece)) yield { record, position: offset + at + place };
    if (piece.length < length) throw damaged(`the ISO ends before the end of ${placeOf(folder)}`);
  }
}

/** The first record of a folder, which describes the folder itself. */
async function recordAt(source: IsoBytes, sector: number): Promise<DirectoryRecord | undefined> {
  return readRecord(await source.read(sector * sectorBytes, sectorBytes));
}

function partOf({ sector, size }: DirectoryRecord): Part {
  return { offset: sector * sectorBytes, size };
}
