import { appendFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { explainDiskError } from "../files/disk-errors.ts";
import { diskReserve, freeBytes } from "../files/free-space.ts";

/** A part of a data CD's content, which comes from a window that does not know where the files are. */
export interface CdUploadPart {
  /** Names the upload. */
  readonly upload: string;
  /** Relative, with slashes: `tree/file`. */
  readonly path: string;
  /** The next bytes of a file; absent for a folder. */
  readonly bytes: Uint8Array | undefined;
}

/** The folder that an upload is kept in. @param folder an existing one */
export function uploadFolder(folder: string, upload: string): string {
  return join(folder, `upload-${upload}`);
}

/** Keeps a part of an upload. @throws AppError `usage` for a path that leads elsewhere, `no-space` */
export async function keepUploadPart(folder: string, { upload, path, bytes }: CdUploadPart): Promise<void> {
  const isPlain = path.split("/").every((name) => !["", ".", ".."].includes(name)) && !path.includes("\0");
  if (!isPlain)
    throw new AppError({ code: "usage", message: `${JSON.stringify(path)} is not a relative path` });
  const target = join(uploadFolder(folder, upload), path);
  if (bytes && (await freeBytes(folder)) - bytes.length < diskReserve)
    throw new AppError({
      code: "no-space",
      message: `there is not enough space in ${folder} for the files of a data CD`,
      advice: "Free some space there, or set TINSMITH_HOME to a folder on a larger disk.",
    });
  try {
    await mkdir(bytes ? dirname(target) : target, { recursive: true, mode: 0o700 });
    if (bytes) await appendFile(target, bytes);
  } catch (error) {
    throw explainDiskError(target, error);
  }
}

/** The names of what an upload has at its top. @throws AppError `missing-file` when it has nothing */
export async function uploadedNames(folder: string, upload: string): Promise<readonly string[]> {
  const names = await readdir(uploadFolder(folder, upload)).catch(() => []);
  if (names.length > 0) return names.sort();
  throw new AppError({ code: "missing-file", message: "no files were uploaded for the data CD" });
}
