import { AppError } from "../../../shared/errors/errors.ts";
import { damaged } from "../damaged.ts";
import type { FileEntry, FileSystem, OpenFileSystem } from "../file-system.ts";
import { openContent } from "./content.ts";
import { type Features, formatOf, hasFeature, unreadableFeatures } from "./features.ts";
import { readFolder } from "./folder.ts";
import { deviceOf, type Inode } from "./inode.ts";
import { readSuperblock, type Superblock } from "./superblock.ts";
import { readTarget } from "./symlink.ts";
import { createVolume, type Volume } from "./volume.ts";

const rootInode = 2;

/**
 * Opens an ext2, ext3 or ext4 file system.
 *
 * A folder whose blocks are damaged ends with an error there. If only some inodes that it names are damaged, the error comes
 * behind the other entries.
 *
 * @throws AppError also `usage` if it has features that this reader doesn't know
 */
export const openExt: OpenFileSystem = async (source) => {
  const superblock = await readSuperblock(source);
  if (!superblock) return undefined;
  const { features, blockSize, blocks, freeBlocks, label } = superblock;
  checkFeatures(features);
  const volume = createVolume(source, superblock);
  const root = await volume.readInode(rootInode);
  if (root.kind !== "folder") throw damaged("the root of the file system is not a folder");
  return {
    format: formatOf(features),
    label,
    size: blocks * blockSize,
    used: Math.max(0, blocks - freeBlocks) * blockSize,
    notes: notesOn(superblock, source.size),
    root: await entryOf(volume, Buffer.alloc(0), root),
    list: (folder) => list(volume, folder),
    open: async (file) => {
      const inode = await volume.readInode(file.inode);
      if (inode.kind !== "file") throw damaged(`the inode ${file.inode} is not a regular file`);
      return openContent(volume, inode);
    },
  } satisfies FileSystem;
};

function checkFeatures(features: Features): void {
  const names = unreadableFeatures(features);
  if (names.length === 0) return;
  throw new AppError({
    code: "usage",
    message: `the ${formatOf(features)} file system has features that this Tinsmith can't read: ${names.join(", ")}`,
    advice: "Use a newer Tinsmith, or look at the files in a guest.",
  });
}

function notesOn(
  { features, blocks, blockSize, isClean, hasErrors }: Superblock,
  sourceSize: number,
): string[] {
  const notes: string[] = [];
  if (hasFeature(features, "needs_recovery"))
    notes.push("Its journal was not replayed: the last changes before the guest went off may be missing.");
  else if (!isClean)
    notes.push("It was not unmounted: the last changes before the guest went off may be missing.");
  if (hasErrors) notes.push("The guest has found errors in it, which e2fsck has not fixed yet.");
  if (hasFeature(features, "encrypt"))
    notes.push(
      "Folders in it can be encrypted: their names are escaped, and their files are shown encrypted.",
    );
  if (blocks * blockSize > sourceSize)
    notes.push("It is larger than its partition: files behind the end can't be read.");
  return notes;
}

async function* list(volume: Volume, folder: FileEntry): AsyncGenerator<FileEntry> {
  const inode = await volume.readInode(folder.inode);
  if (inode.kind !== "folder") throw damaged(`the inode ${folder.inode} is not a folder`);
  let problem: unknown;
  for await (const records of readFolder(volume, inode)) {
    for (const { name, inode: number } of records) {
      let entry: FileEntry;
      try {
        entry = await entryOf(volume, name, await volume.readInode(number));
      } catch (error) {
        problem ??= error;
        continue;
      }
      yield entry;
    }
  }
  if (problem) throw problem;
}

async function entryOf(volume: Volume, name: Buffer, inode: Inode): Promise<FileEntry> {
  const { number, kind, links, mode, uid, gid, modified, size, allocated } = inode;
  const isDevice = kind === "char-device" || kind === "block-device";
  return {
    name,
    kind,
    inode: number,
    links,
    mode,
    uid,
    gid,
    modified,
    size,
    allocated,
    ...(kind === "symlink" && { target: await readTarget(volume, inode) }),
    ...(isDevice && { device: deviceOf(inode) }),
  };
}
