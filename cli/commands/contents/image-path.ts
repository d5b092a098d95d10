import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** A file of this host that holds files, and a path in it. */
export interface ImagePath {
  /** Absolute. */
  readonly image: string;
  /** `/` without one. */
  readonly path: string;
}

/** Reads `IMAGE[:PATH]`. The names of both may contain colons: the image is what exists. */
export function parseImagePath(text: string): ImagePath {
  const colons = [...text.matchAll(/:/g)].map(({ index }) => index);
  const end =
    [text.length, ...colons].find((at) => existsSync(text.slice(0, at))) ?? colons[0] ?? text.length;
  return { image: resolve(text.slice(0, end)), path: text.slice(end + 1) || "/" };
}
