import { randomUUID } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { ofField } from "../../shared/errors/of-field.ts";
import type { Rewindable } from "../async/rewindable.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { isoCommand, isoCommandOf } from "../iso/data-iso.ts";
import { type Argv, runCommand } from "../process/run-command.ts";
import type { CdDrive } from "../qemu/process/cd-drive.ts";
import { type CdUploadPart, keepUploadPart, uploadedNames, uploadFolder } from "./cd-upload.ts";

interface InsertOptions {
  /** Even if the guest has locked the drive. */
  readonly force: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Puts files and folders of the host into a CD drive. */
export interface CdLoader extends Rewindable {
  /** The file or folder that is in it; undefined while it is empty. */
  source(): Promise<string | undefined>;
  /**
   * Inserts an ISO, or a folder, which becomes a data CD as it is now.
   *
   * @param path an absolute path.
   * @throws AppError `missing-file`, `usage`, and as CdDrive.insert does
   */
  insert(path: string, options: InsertOptions): Promise<void>;
  /** Inserts a data CD with these files and folders, as they are now, each under its own name. @throws as `insert` does */
  insertFiles(paths: readonly string[], options: InsertOptions): Promise<void>;
  /** Keeps a part of the files for a data CD, until `insertUpload`. @throws as `keepUploadPart` does */
  keepPart(part: CdUploadPart): Promise<void>;
  /** Inserts a data CD with the files of an upload, and removes the upload. @throws as `insert` does */
  insertUpload(upload: string, options: InsertOptions): Promise<void>;
  eject(force: boolean): Promise<void>;
}

/** @param folder an existing folder for the ISOs that are made. */
export function createCdLoader(drive: CdDrive, folder: string): CdLoader {
  /** The ISO that was made of a folder, and is in the drive. */
  let made: { readonly iso: string; readonly source: string } | undefined;
  /** Those that a checkpoint has in the drive. */
  const kept = new Set<string>();
  const forget = () => {
    if (made && !kept.has(made.iso)) rmSync(made.iso, { force: true });
    made = undefined;
  };
  const insertMade = async (command: (iso: string) => Argv, source: string, options: InsertOptions) => {
    const iso = join(folder, `cd-${randomUUID()}.iso`);
    await runCommand(command(iso), { signal: options.signal });
    try {
      await drive.insert(iso, options.force);
    } catch (error) {
      rmSync(iso);
      throw error;
    }
    forget();
    made = { iso, source };
  };
  return {
    source: async () => {
      const medium = await drive.medium();
      return made && medium === made.iso ? made.source : medium;
    },
    insert: async (path, options) => {
      await ofField("path", () =>
        requireRegularFile(path, {
          kinds: ["file", "folder", "block device"],
          advice: "Give the path of an ISO, of a folder, or of a CD drive.",
        }),
      );
      if (statSync(path).isDirectory())
        return await insertMade((iso) => isoCommand(path, iso), path, options);
      await drive.insert(path, options.force);
      forget();
    },
    insertFiles: async (paths, options) => {
      for (const path of paths) requireRegularFile(path, { kinds: ["file", "folder"] });
      await insertMade((iso) => isoCommandOf(paths, iso), paths.join(", "), options);
    },
    keepPart: (part) => keepUploadPart(folder, part),
    insertUpload: async (upload, options) => {
      const kept = uploadFolder(folder, upload);
      try {
        const names = await uploadedNames(folder, upload);
        await insertMade((iso) => isoCommand(kept, iso), names.join(", "), options);
      } finally {
        rmSync(kept, { recursive: true, force: true });
      }
    },
    eject: async (force) => {
      await drive.eject(force);
      forget();
    },
    remember: async () => {
      const medium = await drive.medium();
      const was = made;
      if (was) kept.add(was.iso);
      return async () => {
        if ((await drive.medium()) === medium) return;
        if (medium !== undefined && !existsSync(medium)) throw lostCd(medium);
        await (medium === undefined ? drive.eject(true) : drive.insert(medium, true));
        forget();
        made = was;
      };
    },
  };
}

function lostCd(iso: string): AppError {
  return new AppError({
    code: "missing-file",
    message: `the CD of the checkpoint is gone: ${iso}`,
    advice: "Put the file back in its place, or go back to another checkpoint.",
  });
}
