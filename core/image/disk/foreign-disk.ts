import { AppError } from "../../../shared/errors/errors.ts";
import { quoteName } from "../image-errors.ts";
import { type Qcow2Header, qcow2HeaderLimit, readQcow2Header } from "./qcow2-header.ts";

/** The formats of disks of other programs that are read and written, as QEMU names them. */
export const diskFormats = ["raw", "qcow2", "vmdk", "vdi"] as const;
export type DiskFormat = (typeof diskFormats)[number];

/** Bytes at the beginning of a disk that decide its format, and must have all of its header. */
export const foreignHeaderLimit = qcow2HeaderLimit;

/** The format of a disk, by its first bytes: raw if they are those of no other. */
export function formatOfDisk(start: Buffer): DiskFormat {
  if (start.length >= 4 && start.readUInt32BE(0) === qcow2Magic) return "qcow2";
  if (start.toString("latin1", 0, 4) === vmdkMagic) return "vmdk";
  if (start.length >= vdi.type + 4 && start.readUInt32LE(vdi.signature) === vdi.magic) return "vdi";
  return "raw";
}

/**
 * Finds the format of a disk, and refuses one that would have QEMU open other files, before QEMU opens it.
 *
 * @param start the first bytes of the file, at most `foreignHeaderLimit`
 * @param path for errors
 * @param work for errors, too
 * @throws AppError `usage` with the reason
 */
export function checkForeignDisk(
  start: Buffer,
  path: string,
  work: "imported" | "read" = "imported",
): DiskFormat {
  const refuse = (reason: string, advice: string): never => {
    throw new AppError({ code: "usage", message: `${path} can't be ${work}: ${reason}`, advice });
  };
  if (start.length === 0) refuse("it is empty", "Give the path of a disk.");
  const other = otherFormats.find(({ magic }) => start.subarray(0, magic.length).equals(magic));
  if (other) refuse(`it is ${other.what}`, other.advice);
  const format = formatOfDisk(start);
  const problem = problems[format]?.(start);
  if (problem !== undefined) refuse(problem, flatten);
  return format;
}

const flatten =
  "Make a disk without other files of it: qemu-img convert -O qcow2 DISK NEW, on a host where you trust it.";
const decompress = "Decompress it first.";

/** Files other than raw disks, by their first bytes. */
const otherFormats = [
  { magic: Buffer.from("vhdxfile"), what: "a disk in the format VHDX", advice: "Convert it to qcow2 first." },
  { magic: Buffer.from("conectix"), what: "a disk in the format VHD", advice: "Convert it to qcow2 first." },
  { magic: Buffer.from("QED\0"), what: "a disk in the format QED", advice: "Convert it to qcow2 first." },
  {
    magic: Buffer.from("# Disk Desc"),
    what: "the description of a VMware disk, whose data is in other files",
    advice: flatten,
  },
  { magic: Buffer.from("COWD"), what: "a disk of VMware ESX 2", advice: "Convert it to qcow2 first." },
  { magic: Buffer.from("LUKS\xba\xbe", "latin1"), what: "encrypted", advice: "Decrypt it first." },
  { magic: Buffer.from("1f8b", "hex"), what: "compressed with gzip", advice: decompress },
  { magic: Buffer.from("fd377a585a00", "hex"), what: "compressed with xz", advice: decompress },
  {
    magic: Buffer.from("04224d18", "hex"),
    what: "compressed with LZ4",
    advice: "An image archive need not be imported: run it, or build from it.",
  },
  {
    magic: Buffer.from("28b52ffd", "hex"),
    what: "compressed with Zstandard",
    advice: "An image archive need not be imported: run it, or build from it.",
  },
] as const;

/** Magics of files that are not disks, and look like raw ones to QEMU. */
const otherContents = [
  { at: 0, magic: "hsqs", what: "a squashfs file system, such as an extension of TinyCore" },
  { at: 0, magic: "070701", what: "a cpio archive" },
  { at: 257, magic: "ustar", what: "a tar archive" },
] as const;

/** Places in the descriptor of the volume of an ISO (ECMA-119, 8.4): bytes from the beginning of the file. */
const isoVolume = { start: 32_768, magic: "CD001", blocks: 32_768 + 80, blockSize: 32_768 + 128 } as const;
/** Programs fill an ISO that boots as a disk up to whole cylinders or mebibytes. */
const isoPadding = 2 * 1024 ** 2;

/** Whether a file is an ISO, and not a disk that an ISO was written to. */
function isIso(start: Buffer, size: number): boolean {
  const { start: volume, magic, blocks, blockSize } = isoVolume;
  if (start.toString("latin1", volume + 1, volume + 1 + magic.length) !== magic) return false;
  const end = start.readUInt32LE(blocks) * start.readUInt16LE(blockSize);
  return size <= end + isoPadding;
}

/** Bytes of the sector in which a disk has its boot code, and the signature at its end. */
const bootSector = { length: 512, signature: 0xaa55 } as const;

/** Whether a disk that begins with these bytes has boot code for a BIOS. */
export function hasBootSector(start: Buffer): boolean {
  const { length, signature } = bootSector;
  return start.length >= length && start.readUInt16LE(length - 2) === signature;
}

const installFromIso =
  "To install a guest from it, use tinsmith build from-new with --boot. To look into it, use tinsmith ls-image.";

/**
 * Checks that a file without a header of its own is a raw disk.
 *
 * @param start the first bytes of the file, at most `foreignHeaderLimit`
 * @param size of the file, in bytes
 * @returns a note if no BIOS can boot it, or if it is an ISO that a BIOS can boot as a disk
 * @throws AppError `usage` if it is something else
 */
export function checkRawDisk(start: Buffer, size: number, path: string): string | undefined {
  const refuse = (reason: string, advice = "Give the path of a disk."): never => {
    throw new AppError({ code: "usage", message: `${path} can't be imported: ${reason}`, advice });
  };
  const other = otherContents.find(
    ({ at, magic }) => start.toString("latin1", at, at + magic.length) === magic,
  );
  if (other) refuse(`it is ${other.what}`);
  const boots = hasBootSector(start);
  if (isIso(start, size)) {
    if (!boots) refuse("it is an ISO, the image of a CD", installFromIso);
    return `${path} is an ISO, the image of a CD, that also boots from a disk. The guest can't write to its files. ${installFromIso}`;
  }
  if (size % bootSector.length !== 0)
    refuse(`it is not a disk: its ${size} bytes are not whole sectors of 512`);
  if (boots) return undefined;
  return `${path} has no boot sector, so a BIOS can't boot it.`;
}

const qcow2Magic = 0x514649fb;

function qcow2Problem(start: Buffer): string | undefined {
  let header: Qcow2Header;
  try {
    header = readQcow2Header(start, (reason) => new Error(reason));
  } catch (error) {
    return (error as Error).message;
  }
  const { backingFile, unknownFeatures } = header;
  if (backingFile !== undefined) return `it is a layer on another disk, ${quoteName(backingFile)}`;
  if (header.hasExternalData) return "it has its data in another file";
  if (header.isEncrypted) return "it is encrypted";
  if (header.isCorrupt) return "it is marked as corrupt";
  if (unknownFeatures.length > 0) return `it has unknown features: ${unknownFeatures.join(", ")}`;
  return undefined;
}

const vmdkMagic = "KDMV";
/**
 * The header of a sparse VMDK (VMware's Virtual Disk Format 1.1): places of its fields, in bytes; sectors of 512 bytes. QEMU takes the
 * parent from `description`, wherever the header says that the description is.
 */
const vmdk = {
  length: 512,
  capacity: 12,
  descriptor: 28,
  sector: 512,
  description: [512, 512 + 20 * 512],
} as const;

function vmdkProblem(start: Buffer): string | undefined {
  if (start.length < vmdk.length) return "its header is cut off";
  // Without a capacity, QEMU reads the description, and opens the files that it names.
  if (start.readBigUInt64LE(vmdk.capacity) === 0n) return "it has its data in other files";
  if (start.readBigUInt64LE(vmdk.descriptor) !== 1n) return "its description is not in its header";
  const description = start.toString("latin1", ...vmdk.description);
  const parents = [...description.matchAll(/parentCID\s*=\s*(\w*)/gi)].map(([, parent]) =>
    parent?.toLowerCase(),
  );
  if (/parentFileNameHint/i.test(description) || parents.some((parent) => parent !== "ffffffff"))
    return "it is a layer on another disk";
  return undefined;
}

/** VirtualBox's format: places of its fields in bytes, and the types that have no parent, dynamic and fixed. */
const vdi = { signature: 0x40, magic: 0xbeda107f, type: 0x4c, wholeTypes: [1, 2] as readonly number[] };

function vdiProblem(start: Buffer): string | undefined {
  return vdi.wholeTypes.includes(start.readUInt32LE(vdi.type)) ? undefined : "it has its data in other files";
}

/** Reasons to refuse a disk, by its format. */
const problems: Partial<Record<DiskFormat, (start: Buffer) => string | undefined>> = {
  qcow2: qcow2Problem,
  vmdk: vmdkProblem,
  vdi: vdiProblem,
};
