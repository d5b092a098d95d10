import { open } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import { imageSizeLimit } from "../../shared/image.ts";
import { type Argv, runCommand } from "../process.ts";
import { invalidArchive } from "./image-errors.ts";

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

/** Makes the layer that a running task writes to: empty, on top of the `disk.img` beside it, which is not opened. */
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
  const disk = await imageInfo(folder, "disk.img", "raw", signal);
  const layer = await imageInfo(folder, "layer.qcow2", "qcow2", signal);
  const sameSize = layer["virtual-size"] === disk["virtual-size"];
  if (!sameSize || layer["backing-filename"] !== "disk.img" || layer["backing-filename-format"] !== "raw") {
    throw invalidArchive("layer.qcow2: qemu-img does not see it as a layer on disk.img");
  }
}

/** An image that takes qemu-img more than this is no image that we want. */
const limits = { memory: gibibyte, cpuSeconds: 5, milliseconds: 20_000 } as const;

async function imageInfo(
  folder: string,
  name: string,
  format: string,
  signal?: AbortSignal,
): Promise<ImageInfo> {
  const timeout = AbortSignal.timeout(limits.milliseconds);
  const options = { cwd: folder, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  try {
    const argv: Argv = ["qemu-img", "info", "--output=json", "-f", format, name];
    return infoSchema.parse(JSON.parse(await runLimited(argv, options)));
  } catch (cause) {
    if (timeout.aborted) throw invalidArchive(`${name}: it takes qemu-img too long to open it`, cause);
    if (!(cause instanceof AppError) || cause.code !== "command-failed") throw cause;
    throw invalidArchive(`${name}: qemu-img does not accept it as ${format}: ${cause.details.at(-1)}`, cause);
  }
}

async function runLimited(argv: Argv, options: { cwd: string; signal: AbortSignal }): Promise<string> {
  try {
    const prlimit = ["prlimit", `--as=${limits.memory}`, `--cpu=${limits.cpuSeconds}`] as const;
    return await runCommand([...prlimit, ...argv], options);
  } catch (error) {
    // Only Linux has prlimit.
    if (error instanceof AppError && error.code === "missing-tool") return await runCommand(argv, options);
    throw error;
  }
}

/** @throws AppError `missing-tool`, before any work that would be in vain. */
export async function requireQemuImg(): Promise<void> {
  await runCommand(["qemu-img", "--version"]);
}
