import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { imageSizeLimit } from "../../../shared/library/image-archive.ts";
import { formatMachine, parseMachine } from "../../../shared/machine/machine.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { requireSpace } from "../../files/free-space.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { convertDisk, type FormattedDisk, sizesOfDisk } from "../disk/convert-disk.ts";
import { checkForeignDisk, checkRawDisk, foreignHeaderLimit } from "../disk/foreign-disk.ts";
import { readMachineFile } from "../read-machine.ts";
import type { PackOptions } from "./pack-archive.ts";

interface ImportOptions<Packed> {
  /** The path of a disk: raw, qcow2, VMDK or VDI. */
  readonly disk: string;
  /** The path of a machine definition; without it, the usual one. */
  readonly machine?: string | undefined;
  /** The archive to write, which is a new file. */
  readonly target: string;
  /** Packs the raw disk in a folder. */
  readonly pack: (options: PackOptions) => Promise<Packed>;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Makes an image archive of a disk of another program. Only the present state of its snapshots is taken.
 *
 * @throws AppError `usage` for a disk that is refused, as `checkForeignDisk` and `checkRawDisk`; `file-exists`, `no-space`; as `pack`
 */
export async function importDisk<Packed>({
  disk,
  machine,
  target,
  pack,
  signal,
  onNote,
}: ImportOptions<Packed>): Promise<Packed> {
  requireNewFile(target);
  const { start, size } = await readStart(disk);
  const from: FormattedDisk = { path: disk, format: checkForeignDisk(start, disk), isForeign: true };
  const problem = from.format === "raw" ? checkRawDisk(start, size, disk) : undefined;
  if (problem !== undefined) onNote(problem);
  const { virtual, allocated } = await sizesOfDisk(from, signal);
  if (virtual >= imageSizeLimit) throw tooLarge(disk, virtual);
  // A compressed disk has more data than it takes here, which only reading all of it would tell.
  await requireSpace("the import", [{ folder: dirname(target), bytes: 2 * Math.min(allocated, virtual) }]);
  using folder = createTemporaryFolder("import", "the import of a disk", dirname(target));
  const definition = machine === undefined ? parseMachine('{"version": 1}') : readMachineFile(machine);
  writeFileSync(join(folder.path, "machine.json"), formatMachine(definition));
  await convertDisk(from, { path: join(folder.path, "disk.img"), format: "raw" }, signal);
  return await pack({ folder: folder.path, target, isNew: true, signal, onNote });
}

async function readStart(path: string): Promise<{ readonly start: Buffer; readonly size: number }> {
  await using file = await openRegularFile(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(foreignHeaderLimit), 0, foreignHeaderLimit, 0);
  return { start: buffer.subarray(0, bytesRead), size: (await file.stat()).size };
}

function tooLarge(path: string, bytes: number): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is a disk of ${formatBytes(bytes)}; an image has less than ${formatBytes(imageSizeLimit)}`,
    advice: "Make its file systems and the disk smaller first.",
  });
}
