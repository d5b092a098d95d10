import { existsSync } from "node:fs";
import { checkpointPrefix, resolveSource } from "../../../core/app/contents/source-name.ts";

/** A source of files, and a path in it. */
export interface ImagePath {
  /** The absolute path of a file or folder of this host, or the name of a source as `openSource` takes it. */
  readonly image: string;
  /** `/` without one. */
  readonly path: string;
}

/** Reads `IMAGE[:PATH]`. The names of both may contain colons: the image is what exists, or a checkpoint up to `:/`. */
export function parseImagePath(text: string): ImagePath {
  const end = text.startsWith(checkpointPrefix) ? endOfCheckpoint(text) : endOfFile(text);
  const [image, path] = [text.slice(0, end), text.slice(end + 1) || "/"];
  return { image: resolveSource(image), path };
}

function endOfCheckpoint(text: string): number {
  const end = text.indexOf(":/");
  return end < 0 ? text.length : end;
}

function endOfFile(text: string): number {
  const colons = [...text.matchAll(/:/g)].map(({ index }) => index);
  return [text.length, ...colons].find((at) => existsSync(text.slice(0, at))) ?? colons[0] ?? text.length;
}
