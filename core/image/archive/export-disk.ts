import { basename, dirname, extname, join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import { nameNewFile } from "../../files/writing/name-new-file.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import type { Paths } from "../../storage/paths.ts";
import { convertDisk } from "../disk/convert-disk.ts";
import type { DiskFormat } from "../disk/foreign-disk.ts";
import { openUnpacked } from "./open-image.ts";

/** The formats by the endings of names. */
const endings: Readonly<Record<string, DiskFormat>> = {
  ".img": "raw",
  ".raw": "raw",
  ".qcow2": "qcow2",
  ".vmdk": "vmdk",
  ".vdi": "vdi",
};

interface ExportOptions {
  readonly archive: string;
  /** A new file, whose ending chooses the format. */
  readonly target: string;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Writes the disk of an image, with the changes in its layer, for other programs.
 *
 * @throws AppError `usage` for another ending, `file-exists`, `no-space`; as `openImage`
 */
export async function exportDisk(
  paths: Paths,
  { archive, target, signal, onNote }: ExportOptions,
): Promise<void> {
  const format = endings[extname(target).toLowerCase()];
  if (format === undefined) throw unknownEnding(target);
  requireNewFile(target);
  using folder = createTemporaryFolder("export", "the export of a disk", dirname(target));
  const ownFolder = join(folder.path, "image");
  using image = await openUnpacked(paths, { archive, ownFolder, signal, onNote });
  // Some formats have the disk's name in them.
  const written = join(folder.path, basename(target));
  await convertDisk({ path: image.layer, format: "qcow2" }, { path: written, format }, signal);
  await nameNewFile(written, target).catch((error) => {
    throw explainDiskError(target, error);
  });
}

function unknownEnding(target: string): AppError {
  return new AppError({
    code: "usage",
    message: `${target} does not end in the name of a format`,
    advice: `Choose a name that ends in ${Object.keys(endings).join(", ")}.`,
  });
}
