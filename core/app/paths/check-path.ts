import { isAbsolute } from "node:path";
import type { PathKind } from "../../../shared/app/path-kind.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { requireRegularFile, statusOf } from "../../files/regular-file.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";
import { readMachineFile } from "../../image/read-machine.ts";
import { requireBootIso } from "../../iso/install-iso.ts";
import { isArchive, isDisk } from "./identify-path.ts";

/**
 * Refuses a path that a person has typed when it does not lead to a thing of one of the wanted kinds.
 *
 * @param wanted the kinds of which it may be one
 * @throws AppError with the reason
 */
export async function checkPath(path: string, wanted: readonly PathKind[]): Promise<void> {
  if (!isAbsolute(path))
    throw new AppError({
      code: "usage",
      message: `${path} is not an absolute path`,
      advice: "Give a path that begins with /.",
    });
  const [kind = "folder", ...others] = wanted;
  // Any path to a folder is checked as a folder, where one is allowed.
  await checks[others.includes("folder") && statusOf(path)?.isDirectory() ? "folder" : kind](path);
}

const checks: Readonly<Record<PathKind, (path: string) => unknown>> = {
  archive: requireArchive,
  "archive-or-disk": requireArchiveOrDisk,
  file: (path) => requireRegularFile(path),
  folder: (path) => requireRegularFile(path, { kinds: ["folder"] }),
  iso: (path) => requireBootIso(path),
  machine: (path) => readMachineFile(path),
  "new-file": requireNewFile,
};

function requireArchive(path: string): void {
  if (isArchive(path)) return;
  throw new AppError({
    code: "invalid-archive",
    message: `${path} is not an image archive`,
    advice: "Give the path of a .tar.lz4 or .tar.zst file.",
  });
}

function requireArchiveOrDisk(path: string): void {
  if (isArchive(path) || isDisk(path)) return;
  throw new AppError({
    code: "invalid-archive",
    message: `${path} is neither an image archive nor a disk that boots`,
    advice: "Give the path of a .tar.lz4 or .tar.zst file, or of a qcow2, VMDK, VDI or raw disk.",
  });
}
