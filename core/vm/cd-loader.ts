import { randomUUID } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ofField } from "../../shared/errors/of-field.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { isoCommand } from "../iso/data-iso.ts";
import { runCommand } from "../process/run-command.ts";
import type { CdDrive } from "../qemu/process/cd-drive.ts";

/** Puts files and folders of the host into a CD drive. */
export interface CdLoader {
  /** The file or folder that is in it; undefined while it is empty. */
  source(): Promise<string | undefined>;
  /**
   * Inserts an ISO, or a folder, which becomes a data CD as it is now.
   *
   * @param path an absolute path.
   * @throws AppError `missing-file`, `usage`, and as CdDrive.insert does
   */
  insert(
    path: string,
    options: { readonly force: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<void>;
  eject(force: boolean): Promise<void>;
}

/** @param folder an existing folder for the ISOs that are made. */
export function createCdLoader(drive: CdDrive, folder: string): CdLoader {
  /** The ISO that was made of a folder, and is in the drive. */
  let made: { readonly iso: string; readonly source: string } | undefined;
  const forget = () => {
    if (made) rmSync(made.iso, { force: true });
    made = undefined;
  };
  return {
    source: async () => {
      const medium = await drive.medium();
      return made && medium === made.iso ? made.source : medium;
    },
    insert: async (path, { force, signal }) => {
      await ofField("path", () =>
        requireRegularFile(path, {
          kinds: ["file", "folder", "block device"],
          advice: "Give the path of an ISO, of a folder, or of a CD drive.",
        }),
      );
      const iso = statSync(path).isDirectory() ? join(folder, `cd-${randomUUID()}.iso`) : path;
      if (iso !== path) await runCommand(isoCommand(path, iso), { signal });
      try {
        await drive.insert(iso, force);
      } catch (error) {
        if (iso !== path) rmSync(iso);
        throw error;
      }
      forget();
      if (iso !== path) made = { iso, source: path };
    },
    eject: async (force) => {
      await drive.eject(force);
      forget();
    },
  };
}
