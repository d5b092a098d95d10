import { z } from "zod";
import { runCommand } from "../../process/run-command.ts";
import type { DiskFormat } from "./foreign-disk.ts";

/** For qemu-img, which needs far less for any disk that is not a trap. */
const limits = { memory: 1024 ** 3 };

/** A disk file with its format. */
export interface FormattedDisk {
  readonly path: string;
  readonly format: DiskFormat;
}

/** The sizes of a disk, in bytes. */
export interface DiskSizes {
  /** As the guest sees it. */
  readonly virtual: number;
  /** On this host. */
  readonly allocated: number;
}

const sizesSchema = z
  .object({ "virtual-size": z.number(), "actual-size": z.number() })
  .transform((info): DiskSizes => ({ virtual: info["virtual-size"], allocated: info["actual-size"] }));

/** Asks qemu-img for the sizes of a disk whose header was checked. @throws AppError `command-failed` when it can't open the disk */
export async function sizesOfDisk({ path, format }: FormattedDisk, signal?: AbortSignal): Promise<DiskSizes> {
  const info = await runCommand(["qemu-img", "info", "--output=json", "-f", format, path], {
    signal,
    limits,
  });
  return sizesSchema.parse(JSON.parse(info));
}

/** Writes the content of a disk as another one. Blocks of zeros become holes. @throws AppError `command-failed`, `no-space`, `interrupted` */
export async function convertDisk(
  from: FormattedDisk,
  to: FormattedDisk,
  signal?: AbortSignal,
): Promise<void> {
  const formats = ["-f", from.format, "-O", to.format];
  await runCommand(["qemu-img", "convert", ...formats, "-S", "4k", from.path, to.path], { signal, limits });
}
