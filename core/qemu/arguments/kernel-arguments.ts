import type { IsoKernel } from "../../iso/boot/iso-kernel.ts";
import { absolute, option } from "./option.ts";

/** Boots a kernel file in place of the disk's. */
export interface KernelBoot {
  readonly kernel: string;
  readonly initrd?: string;
  /** The kernel's command line. */
  readonly append?: string;
}

/** A kernel file that boots at each reset, whatever is on the disk. */
export function kernelArguments(kernel: KernelBoot | undefined): string[] {
  if (kernel === undefined) return [];
  return [
    "-kernel",
    absolute(kernel.kernel),
    ...(kernel.initrd === undefined ? [] : ["-initrd", absolute(kernel.initrd)]),
    ...(kernel.append === undefined ? [] : ["-append", kernel.append]),
  ];
}

/** The place of an ISO's kernel in the order of the boot devices: behind the disk. */
const isoKernelBootIndex = 2;

/**
 * An ISO's kernel, in place of the ISO: QEMU's own `-kernel` would boot before the disk, also after the installation. QEMU
 * puts the files into memory at each reset.
 */
export function isoKernelArguments(kernel: IsoKernel | undefined): string[] {
  if (kernel === undefined) return [];
  return [
    "-option-rom",
    option({ romfile: absolute(kernel.rom), bootindex: isoKernelBootIndex }),
    ...kernel.loaded.flatMap(({ path, address }) => [
      "-device",
      option({
        driver: "loader",
        file: absolute(path),
        addr: `0x${address.toString(16)}`,
        "force-raw": "on",
      }),
    ]),
  ];
}
