import type { DiskPart, FolderContent } from "../../../shared/contents/folder-content.ts";
import { fileName } from "../files/file-name.ts";
import { foldersAround, type ImageTree, topPath } from "./image-tree.ts";

/** The partition of a disk that a path leads to, if it leads to one. */
export function findPart({ folders }: Pick<ImageTree, "folders">, path: string): DiskPart | undefined {
  const disk = folders.get(foldersAround(path).at(-1) ?? topPath)?.content;
  return disk?.parts?.find(({ name }) => name === fileName(path));
}

/** Types that many systems give to partitions without a look at the files in them. */
const looseTypes = /FAT|NTFS|^Linux$|^Unknown/;

/** The type of a partition for people; where its table has a loose one, the file system that was found in it. */
export function describePartType(
  { type }: Pick<DiskPart, "type">,
  system: Pick<FolderContent["system"], "format"> | undefined,
): string | undefined {
  return system && (type === undefined || looseTypes.test(type)) ? system.format : type;
}
