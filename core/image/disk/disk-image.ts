import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { imageSizeLimit } from "../../../shared/library/image-archive.ts";
import { type Argv, runCommand } from "../../process/run-command.ts";
import { invalidArchive } from "../image-errors.ts";

const gibibyte = 1024 ** 3;

/**
 * Makes an empty raw disk: one big hole.
 *
 * @throws AppError `usage` unless the size is a whole number of GiB from 1 to 49; an error of the file system, such as
 *   EEXIST when the file is there.
 */
export async function createDisk(path: string, gibibytes: number): Promise<void> {
  const size = gibibytes * gibibyte;
  if (!Number.isInteger(gibibytes) || size <= 0 || size >= imageSizeLimit) {
    throw new AppError({
      code: "usage",
      message: `a disk can't have ${gibibytes} GiB`,
      advice: "Choose a whole number from 1 to 49.",
    });
  }
  await using disk = await open(path, "wx");
  await disk.truncate(size);
}

/**
 * Creates the layer that a running task writes to: empty, on top of the `disk.img` beside it, which is not opened.
 */
export async function createLayer(path: string, virtualSize: number, signal?: AbortSignal): Promise<void> {
  const options = "backing_file=disk.img,backing_fmt=raw,lazy_refcounts=on";
  const argv: Argv = ["qemu-img", "create", "-q", "-u", "-f", "qcow2", "-o", options, path, `${virtualSize}`];
  await runCommand(argv, { signal });
}

/** Bytes of the virtual disk that QEMU makes of a raw file: whole sectors. */
export function virtualSizeOfRaw(fileSize: number): number {
  return Math.ceil(fileSize / 512) * 512;
}

/** The part of `qemu-img info` that we compare. */
const infoSchema = z.object({
  "virtual-size": z.number(),
  "backing-filename": z.string().optional(),
  "backing-filename-format": z.string().optional(),
});
type ImageInfo = z.output<typeof infoSchema>;

/**
 * Has qemu-img open both images of an extracted archive, each in the format that it must have. This comes after our
 * own checks: a hostile layer could have made it open other files.
 *
 * @throws AppError `invalid-archive` when it does not accept one of them, or sees another layer than we did.
 */
export async function checkImages(folder: string, signal?: AbortSignal): Promise<void> {
  // At once, since most of the time goes into starting it.
  const looks = [
    imageInfo(folder, "disk.img", "raw", signal),
    imageInfo(folder, "layer.qcow2", "qcow2", signal),
    checkTables(folder, "layer.qcow2", signal),
  ] as const;
  await Promise.allSettled(looks);
  const [disk, layer] = [await looks[0], await looks[1]];
  const sameSize = layer["virtual-size"] === disk["virtual-size"];
  if (!sameSize || layer["backing-filename"] !== "disk.img" || layer["backing-filename-format"] !== "raw") {
    throw invalidArchive("layer.qcow2: qemu-img does not see it as a layer on disk.img");
  }
  await looks[2];
}

/** An image for which qemu-img needs more than this is rejected. */
const limits = { memory: gibibyte, seconds: 5 } as const;
/** Milliseconds that it may take in all. */
const longestWait = 20_000;

async function imageInfo(
  folder: string,
  name: string,
  format: string,
  signal?: AbortSignal,
): Promise<ImageInfo> {
  const argv: Argv = ["qemu-img", "info", "--output=json", "-f", format, name];
  const info = await runOnImage(argv, { folder, name, signal }, (error) =>
    invalidArchive(`${name}: qemu-img does not accept it as ${format}: ${error.details.at(-1)}`, error),
  );
  return infoSchema.parse(JSON.parse(info));
}

/** The failure of `qemu-img check` for an image that has clusters which nothing uses, and is not damaged. */
const leaksOnly = /exit status 3$/;

/** Has qemu-img go through the layer's tables: it opens a layer as any other when they are damaged or cut off. */
async function checkTables(folder: string, name: string, signal?: AbortSignal): Promise<void> {
  const argv: Argv = ["qemu-img", "check", "-q", "-f", "qcow2", name];
  await runOnImage(argv, { folder, name, signal }, (error) =>
    leaksOnly.test(error.message) ? undefined : invalidArchive(`${name}: its tables are damaged`, error),
  );
}

interface CheckedImage {
  readonly folder: string;
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs qemu-img on an image that may be hostile.
 *
 * @param explain makes an error of qemu-img's failure, unless that is none.
 * @returns its output.
 */
export async function runOnImage(
  argv: Argv,
  { folder, name, signal }: CheckedImage,
  explain: (error: AppError) => AppError | undefined,
): Promise<string> {
  const timeout = AbortSignal.timeout(longestWait);
  const ending = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    return await runCommand(argv, { cwd: folder, signal: ending, limits });
  } catch (cause) {
    if (timeout.aborted) throw invalidArchive(`${name}: qemu-img takes too long to open it`, cause);
    if (!(cause instanceof AppError) || cause.code !== "command-failed") throw cause;
    const error = explain(cause);
    if (error) throw error;
    return "";
  }
}

/** @throws AppError `command-failed` when qemu-img can't open a disk, such as when a virtual machine has it open. */
export async function requireRawDisk(path: string, signal?: AbortSignal): Promise<void> {
  await runCommand(["qemu-img", "info", "-f", "raw", basename(path)], { cwd: dirname(path), signal });
}

/** @throws AppError `missing-tool`, before any work that would be in vain. */
export async function requireQemuImg(): Promise<void> {
  await runCommand(["qemu-img", "--version"]);
}
