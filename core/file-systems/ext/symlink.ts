import { damaged } from "../damaged.ts";
import { openContent } from "./content.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** Reads the target of a symbolic link; undefined if it is encrypted. @throws AppError `damaged-file-system` */
export async function readTarget(volume: Volume, inode: Inode): Promise<Buffer | undefined> {
  const { number, size, map, isInline, isEncrypted, allocated, hasAttributeBlock } = inode;
  if (isEncrypted) return undefined;
  const { blockSize, clusterSize } = volume.superblock;
  // A short target is in the inode, which then has no blocks but one of extended attributes.
  const isShort = !isInline && allocated <= (hasAttributeBlock ? clusterSize : 0);
  if (size > (isShort ? map.length : blockSize))
    throw damaged(`the symbolic link of inode ${number} is longer than it can be`);
  return isShort ? Buffer.from(map.subarray(0, size)) : await openContent(volume, inode).read(0, size);
}
