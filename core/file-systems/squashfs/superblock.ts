import type { ByteSource } from "../byte-source.ts";
import { damaged, unreadable } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";

export interface Superblock {
  readonly blockSize: number;
  readonly fragments: number;
  readonly compression: number;
  readonly ids: number;
  /** The place of the top folder, in its table. */
  readonly root: InodePlace;
  readonly used: number;
  readonly idTable: number;
  readonly inodeTable: number;
  readonly folderTable: number;
  readonly fragmentTable: number;
}

/** The place of an inode: of its metadata block in the table, and in the block. */
export interface InodePlace {
  readonly block: number;
  readonly offset: number;
}

const magic = 0x73717368;
const length = 96;
const largestBlock = 2 ** 20;

/** @returns undefined for other bytes @throws AppError `damaged-file-system` */
export async function readSuperblock(source: ByteSource): Promise<Superblock | undefined> {
  const head = await source.read(0, 4);
  if (head.length < 4 || head.readUInt32LE() !== magic) return undefined;
  const bytes = await readExactly(source, 0, length, "the superblock");
  const [major, minor] = [bytes.readUInt16LE(28), bytes.readUInt16LE(30)];
  if (major !== 4)
    throw unreadable(
      `the squashfs file system has the version ${major}.${minor}; Tinsmith reads version 4.0`,
    );
  const blockSize = bytes.readUInt32LE(12);
  const isPower = (blockSize & (blockSize - 1)) === 0;
  if (blockSize < 4096 || blockSize > largestBlock || !isPower)
    throw damaged(`the superblock has blocks of ${blockSize} bytes`);
  const place = (at: number) => Number(bytes.readBigUInt64LE(at));
  const used = place(40);
  if (used > source.size)
    throw damaged(`the squashfs file system has ${used} bytes, of which only ${source.size} are there`);
  const superblock = {
    ...{ blockSize, used },
    fragments: bytes.readUInt32LE(16),
    compression: bytes.readUInt16LE(20),
    ids: bytes.readUInt16LE(26),
    root: { block: bytes.readUIntLE(34, 6), offset: bytes.readUInt16LE(32) },
    ...{ idTable: place(48), inodeTable: place(64), folderTable: place(72), fragmentTable: place(80) },
  };
  const { inodeTable, folderTable, fragmentTable, fragments } = superblock;
  if (inodeTable > folderTable || folderTable > used || (fragments > 0 && fragmentTable > used))
    throw damaged("the superblock has a table outside of the file system");
  return superblock;
}
