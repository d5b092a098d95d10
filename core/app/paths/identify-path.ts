import { closeSync, existsSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { OpenedPath } from "../../../shared/app/opened-path.ts";
import { mayHoldFiles } from "../../../shared/contents/holds-files.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { explainReadError, openRegularFileSync, requireRegularFile } from "../../files/regular-file.ts";
import { beginsFrame } from "../../image/compression/frame-magic.ts";
import { formatOfDisk, hasBootSector } from "../../image/disk/foreign-disk.ts";

const recipeName = "recipe.yaml";
/** The names of files whose content would have told their kind. */
const knownByContent = /\.(lz4|zst|iso)$/i;
/** The place of an ISO's identifier in its first volume descriptor: ECMA-119, 6.2.1 and 8.1. */
const isoMark = { text: "CD001", offset: 16 * 2048 + 1 } as const;

/**
 * Finds the kind of a file that a person opens, by its content where that tells it.
 *
 * @throws AppError `missing-file` when it is not there, `usage` when it is nothing that Tinsmith opens.
 */
export function identifyPath(given: string): OpenedPath {
  const path = resolve(given);
  requireRegularFile(path, { kinds: ["file", "folder"] });
  const status = statSync(path);
  if (status.isDirectory())
    return existsSync(join(path, recipeName)) ? imageSet(path) : { kind: "folder", path };
  if (basename(path) === recipeName) return imageSet(dirname(path));
  if (isArchive(path)) return { kind: "archive", path };
  const mark = bytesAt(path, isoMark.offset, isoMark.text.length).toString("latin1");
  if (mark === isoMark.text) return { kind: "iso", path };
  const disk = isDisk(path);
  if (disk || isNamedAsImage(path)) return { kind: "image", path, isDisk: disk };
  throw new AppError({
    code: "usage",
    message: `${path} is not an image archive, a recipe.yaml or an ISO, nor a file that holds files`,
    advice:
      "Tinsmith opens .tar.lz4 and .tar.zst archives, recipes, ISOs, disks, archives of files, and folders.",
  });
}

/** Whether a file begins as an image archive does. @throws AppError as `openRegularFile` does */
export function isArchive(path: string): boolean {
  return beginsFrame(bytesAt(path, 0, 4).readUInt32LE());
}

/**
 * Whether a file is a disk of which an image archive can be made: of another program, or a raw one that a BIOS can boot.
 *
 * @throws AppError as `openRegularFile` does
 */
export function isDisk(path: string): boolean {
  const start = bytesAt(path, 0, 512);
  // A kernel has the signature of a boot sector, too.
  return formatOfDisk(start) !== "raw" || (isNamedAsImage(path) && hasBootSector(start));
}

function isNamedAsImage(path: string): boolean {
  return mayHoldFiles(basename(path)) && !knownByContent.test(path);
}

function imageSet(folder: string): OpenedPath {
  return { kind: "set", folder, workspace: dirname(folder), recipe: join(folder, recipeName) };
}

/** Bytes of a file; zeros where it has none. */
function bytesAt(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openRegularFileSync(path);
  try {
    readSync(file, bytes, 0, length, offset);
  } catch (error) {
    throw explainReadError(path, error);
  } finally {
    closeSync(file);
  }
  return bytes;
}
