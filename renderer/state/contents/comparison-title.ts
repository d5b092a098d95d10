import { fileName, shortPath } from "../files/file-name.ts";

/** Of archives: all of them end so, and a tab has no room for it. */
const ending = /\.tar\.(lz4|zst)$/;

/** The title of a comparison's tab: the names of both files, with those of their folders if these tell them apart. */
export function comparisonTitle(first: string, second: string): string {
  const nameOf = fileName(first) === fileName(second) ? shortPath : fileName;
  return [first, second].map((path) => nameOf(path).replace(ending, "")).join(" ↔ ");
}
