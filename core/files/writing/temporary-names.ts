import { basename, dirname, join } from "node:path";
import { digestText } from "../digest.ts";

/** Locked while a process replaces one of the small files in a folder, and removed after that. */
export function writersLock(folder: string): string {
  return join(folder, ".writers-lock");
}

/** The path that a download in the cache is written to until it is complete; the next try continues it. */
export function partialPath(download: string): string {
  return `${download}.partial`;
}

/** A name that no other file has, for a file that is written beside its target until it is whole. */
export function temporaryPath(target: string): string {
  // Loaded at the first use, as in core/time/timed-id.ts.
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  return join(dirname(target), `${temporaryPrefix(target)}${randomBytes(temporaryMark / 2).toString("hex")}`);
}

/** Whether `temporaryPath` gives such names for a target. */
export function isTemporaryName(target: string, name: string): boolean {
  const prefix = temporaryPrefix(target);
  return name.startsWith(prefix) && temporaryEnd.test(name.slice(prefix.length));
}

/** Hexadecimal digits that tell one temporary name from another. */
const temporaryMark = 16;
const temporaryEnd = /^[0-9a-f]{16}$/;
/** Names of files have at most 255 bytes: of a longer target, a digest stands for the name. */
const longestTarget = 200;

function temporaryPrefix(target: string): string {
  const name = basename(target);
  const isLong = Buffer.byteLength(name) > longestTarget;
  return `.${isLong ? digestText(name) : name}.tinsmith-`;
}

/** The folder in a folder to which an image is extracted until it is whole. */
export function newExtractionFolder(folder: string): string {
  return temporaryPath(join(folder, extractionTarget));
}

/** Whether `newExtractionFolder` gives such names. */
export function isExtractionFolder(name: string): boolean {
  return isTemporaryName(extractionTarget, name);
}

const extractionTarget = "image";
