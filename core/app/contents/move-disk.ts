import { statSync } from "node:fs";
import { resolve } from "node:path";
import type {
  ImportChoices,
  ImportedDisk,
  WorkProgress,
} from "../../../shared/contracts/contents-contract.ts";
import { ofField } from "../../../shared/errors/of-field.ts";
import { importImage } from "../../builder/growth/import-image.ts";
import { findOutput } from "../../builder/output-archive.ts";
import { exportDisk } from "../../image/archive/export-disk.ts";
import type { Paths } from "../../storage/paths.ts";
import { checkPath } from "../paths/check-path.ts";

interface MoveContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
}

/** Makes an image archive of a disk of another program, as a person has chosen. @throws AppError as `findOutput` and `importImage` */
export async function importChosen(
  { disk, machine, target }: ImportChoices,
  { paths, signal }: MoveContext,
  onProgress: (progress: WorkProgress) => void,
): Promise<ImportedDisk> {
  const output = await ofField("target", async () => {
    await checkPath(resolve(target), ["new-file"]);
    return findOutput(target);
  });
  const notes: string[] = [];
  const { archive } = await importImage({
    ...{ disk: resolve(disk), machine, target: output, paths, signal },
    onNote: (note) => notes.push(note),
    onProgress: (bytes, total) => onProgress({ bytes, total }),
  });
  return { path: archive.path, bytes: archive.size, notes };
}

/** Writes the disk of an image to a new file for other programs. @throws AppError as `exportDisk` */
export async function exportChosen(
  { image, target }: { readonly image: string; readonly target: string },
  { paths, signal }: MoveContext,
): Promise<{ readonly bytes: number }> {
  const files = { archive: resolve(image), target: resolve(target) };
  await ofField("target", () => checkPath(files.target, ["new-file"]));
  await exportDisk(paths, { ...files, signal, onNote: () => {} });
  return { bytes: statSync(files.target).size };
}
