import { statusOf } from "../../files/regular-file.ts";
import type { IsoKernel } from "../../iso/boot/iso-kernel.ts";
import { absolute, option } from "./option.ts";

/**
 * The disk: a raw file that the guest changes in place, or a qcow2 layer that holds the changes to a raw backing
 * file. All paths are absolute.
 */
export type Disk = { readonly path: string } | { readonly layer: string; readonly backing: string };

export interface CdRoms {
  /** ISO that the guest boots from when its disk doesn't boot. */
  readonly bootIso?: string;
  /** A kernel of that ISO, which the guest boots in its place; see `isoKernelArguments`. */
  readonly bootKernel?: IsoKernel;
  /** A drive beside it: with an ISO in it, or kept empty so that one can be inserted later. */
  readonly dataDrive?: { readonly iso: string } | "empty";
}

/** The drive that CDs are put into while a virtual machine runs: that of the data CD, else that of the boot ISO. */
export type CdDriveId = "boot-cd" | "data-cd";

/** Sees to it that there is a drive that CDs can be put into later, which no other device makes room for. */
export function withCdDrive(cdRoms: CdRoms = {}): { readonly cdRoms: CdRoms; readonly cdDrive: CdDriveId } {
  if (cdRoms.dataDrive !== undefined) return { cdRoms, cdDrive: "data-cd" };
  if (cdRoms.bootIso !== undefined) return { cdRoms, cdDrive: "boot-cd" };
  return { cdRoms: { dataDrive: "empty" }, cdDrive: "data-cd" };
}

/**
 * Writes reach the host's page cache only. Nothing waits for the host's disk, which is right for a disk that is
 * thrown away when the host crashes, and then made again.
 */
const unsafeCache = { "cache.direct": "off", "cache.no-flush": "on" };

/** QEMU's name for the disk. */
export const diskNode = "disk-image";

/** The disk behind a virtio device at its fixed place; the guest boots from it first. */
export function diskArguments(disk: Disk, device: string): string[] {
  return [
    ...diskNodes(disk),
    "-device",
    option({
      driver: device,
      id: "disk",
      drive: diskNode,
      bus: "pci.0",
      addr: "0x8",
      bootindex: 1,
      // A guest may overlook an I/O error, and an image would be packed with a hole in it. Stopped, the virtual
      // machine waits for its observer: QEMU says BLOCK_IO_ERROR and, on a full disk, `cont` tries again.
      werror: "stop",
      rerror: "stop",
    }),
  ];
}

function diskNodes(disk: Disk): string[] {
  if ("path" in disk) {
    return ["-blockdev", fileNode(diskNode, "raw", disk.path, unsafeCache)];
  }
  return [
    "-blockdev",
    fileNode("backing-image", "raw", disk.backing, { ...unsafeCache, "read-only": "on" }),
    "-blockdev",
    // The backing file is given, so QEMU never follows the path that stands in the layer.
    fileNode(diskNode, "qcow2", disk.layer, { ...unsafeCache, backing: "backing-image" }),
  ];
}

/**
 * CD drives at the places where guests expect them. A lone drive is the first one, so that the guest finds the
 * data CD as its first drive (/dev/sr0 in Linux); after a boot ISO it is the second.
 */
export function cdRomArguments({ bootIso, bootKernel, dataDrive }: CdRoms): string[] {
  const place = { unit: 0, bootindex: bootKernel ? undefined : 2 };
  const boot = bootIso === undefined ? [] : cdRomDrive("boot-cd", bootIso, place);
  if (dataDrive === undefined) return boot;
  const iso = dataDrive === "empty" ? undefined : dataDrive.iso;
  return [...boot, ...cdRomDrive("data-cd", iso, { unit: bootIso === undefined ? 0 : 1, bootindex: 3 })];
}

function cdRomDrive(
  id: CdDriveId,
  iso: string | undefined,
  place: { readonly unit: number; readonly bootindex: number | undefined },
): string[] {
  const node = iso === undefined ? undefined : `${id}-image`;
  return [
    ...(iso === undefined ? [] : ["-blockdev", fileNode(`${id}-image`, "raw", iso, { "read-only": "on" })]),
    "-device",
    option({ driver: "ide-cd", id, drive: node, bus: "ide.0", ...place }),
  ];
}

function fileNode(
  name: string,
  format: "raw" | "qcow2",
  path: string,
  options: Readonly<Record<string, string>>,
): string {
  return option({
    driver: format,
    "node-name": name,
    ...options,
    // QEMU's driver for files refuses a CD drive.
    "file.driver": statusOf(path)?.isBlockDevice() ? "host_device" : "file",
    "file.filename": absolute(path),
  });
}
