import { z } from "zod";
import { runCommand } from "../../process/run-command.ts";
import type { DiskFormat } from "./foreign-disk.ts";

/** For qemu-img, which needs far less for any disk that is not a trap. */
const limits = { memory: 1024 ** 3 };

/** A disk file with its format. */
export interface FormattedDisk {
  readonly path: string;
  readonly format: DiskFormat;
  /** It is from somebody else: QEMU opens no other disk that its header may name, in whatever way. */
  readonly isForeign?: boolean;
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
export async function sizesOfDisk(disk: FormattedDisk, signal?: AbortSignal): Promise<DiskSizes> {
  const info = await runCommand(["qemu-img", "info", "--output=json", describe(disk)], {
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
  const argv = ["qemu-img", "convert", "-O", to.format, "-S", "4k", describe(from), to.path] as const;
  await runCommand(argv, { signal, limits });
}

/** A disk as QEMU is to open it. */
function describe({ path, format, isForeign }: FormattedDisk): string {
  const file = { driver: "file", filename: path };
  const mayHaveLayers = format === "qcow2" || format === "vmdk";
  return `json:${JSON.stringify({ driver: format, file, ...(isForeign && mayHaveLayers && { backing: null }) })}`;
}
