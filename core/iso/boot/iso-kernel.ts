import { type FileHandle, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { findBootEntry } from "../../../shared/library/describe-iso-facts.ts";
import type { BootEntry } from "../../../shared/library/iso-facts.ts";
import { type IsoFile, openIsoFile } from "../file-system/iso-file.ts";
import { createIsoTree, type IsoEntry, type IsoTree } from "../file-system/iso-tree.ts";
import { requireVolume } from "../file-system/require-volume.ts";
import { findBootEntries } from "./boot-entries.ts";
import { makeBootRom, segmentBytes, stackEnd } from "./boot-rom.ts";
import { type KernelHeader, kernelHeadBytes, readKernelHeader } from "./linux-kernel.ts";
import { withSerialConsole } from "./serial-console.ts";

/** A file whose content QEMU puts into the guest's memory at each reset. */
interface LoadedFile {
  /** Absolute. */
  readonly path: string;
  readonly address: number;
}

/** A kernel of an ISO that a virtual machine boots while its disk doesn't boot. */
export interface IsoKernel {
  /** The absolute path of the option ROM that starts it. */
  readonly rom: string;
  readonly loaded: readonly LoadedFile[];
  /** Bytes of memory that all this takes. */
  readonly memory: number;
  readonly title: string;
  readonly parameters: string;
}

/** Bytes of a kernel and of its RAM disks that are extracted: far more than real ones have. */
const maxKernelBytes = 512 * 1024 ** 2;
const maxInitrdBytes = 1024 ** 3;
/** Since it, of the year 2000, the parameters may be anywhere. */
const leastProtocol = 0x202;
/** Bytes of real-mode code: the kernel's own build refuses more. */
const maxSetupBytes = 0x8000;
const kernelAddress = 0x100000;

/**
 * Extracts a kernel of an ISO and its RAM disks, laid out as in the guest's memory, with the first serial port as a
 * console.
 *
 * @param wanted the title of a boot entry, or its number, from 1 on.
 * @param folder an existing folder, for the files.
 * @throws AppError `usage` if there is no such entry, if it can't be booted, or if the ISO is damaged
 */
export async function extractKernel(iso: string, wanted: string, folder: string): Promise<IsoKernel> {
  await using file = await openIsoFile(iso);
  const tree = await createIsoTree(file, await requireVolume(file));
  const entry = requireEntry(iso, await findBootEntries(file, tree), wanted);
  const kernel = await requireFile(entry.kernel, tree, maxKernelBytes, iso);
  const initrds: IsoEntry[] = [];
  for (const path of entry.initrds) initrds.push(await requireFile(path, tree, maxInitrdBytes, iso));
  const head = await file.readAll(kernel.offset, Math.min(kernel.size, kernelHeadBytes));
  const header = requireSupported(entry, readKernelHeader(head), iso);
  const parameters = withSerialConsole(entry.parameters);
  const rest = kernel.size - header.setupBytes;
  const address = roundUp(Math.max(header.endOfKernel, kernelAddress + rest), segmentBytes);
  const initrd = { address: address + segmentBytes, size: sum(initrds.map(({ size }) => roundUp(size, 4))) };
  const setup = makeSegment(head, header, { parameters, initrd });
  const end = initrd.address + initrd.size;
  if (
    end - 1 > header.initrdAddressMax ||
    initrd.size > maxInitrdBytes ||
    parameters.length > header.parametersMax
  )
    throw unsupported(iso, entry, "it has too little room for its RAM disk or parameters");
  const paths = {
    rom: join(folder, "iso-boot-rom"),
    kernel: join(folder, "iso-kernel"),
    data: join(folder, "iso-kernel-data"),
  };
  await writeFile(paths.rom, makeBootRom(address, "Kernel of the ISO"));
  await writeParts(paths.kernel, (to) => file.copy(kernel.offset + header.setupBytes, rest, to));
  await writeParts(paths.data, async (to) => {
    await to.writeFile(setup);
    for (const one of initrds) await copyPadded(file, one, to);
  });
  return {
    rom: paths.rom,
    loaded: [
      { path: paths.kernel, address: kernelAddress },
      { path: paths.data, address },
    ],
    memory: end,
    ...{ title: entry.title, parameters },
  };
}

function requireEntry(iso: string, entries: readonly BootEntry[], wanted: string): BootEntry {
  const found = findBootEntry(entries, wanted);
  if (found) return found;
  throw new AppError({
    code: "usage",
    message:
      entries.length === 0
        ? `${iso} has no boot entry with a Linux kernel`
        : `${iso} has no boot entry ${JSON.stringify(wanted)}`,
    advice:
      entries.length === 0
        ? "Boot it as a CD, without a boot entry."
        : "Choose one of the listed entries, by its title or number.",
    details: entries.map(({ title }, index) => `${index + 1} ${title}`),
  });
}

async function requireFile(path: string, tree: IsoTree, most: number, iso: string): Promise<IsoEntry> {
  const entry = await tree.find(path);
  if (entry && entry.size <= most) return entry;
  throw new AppError({
    code: "usage",
    message: `${iso} is damaged: its ${path} ${entry ? `has ${entry.size} bytes` : "is missing"}`,
    advice: "Download or copy the ISO again.",
  });
}

function requireSupported(entry: BootEntry, header: KernelHeader | undefined, iso: string): KernelHeader {
  if (header && header.protocol >= leastProtocol && header.isLoadedHigh && header.setupBytes <= maxSetupBytes)
    return header;
  throw unsupported(iso, entry, "its kernel is too old");
}

function unsupported(iso: string, { title }: BootEntry, reason: string): AppError {
  return new AppError({
    code: "usage",
    message: `the boot entry ${JSON.stringify(title)} of ${iso} can't be booted directly: ${reason}`,
    advice: "Boot the ISO as a CD, without a boot entry.",
  });
}

interface Passed {
  readonly parameters: string;
  readonly initrd: { readonly address: number; readonly size: number };
}

/**
 * The real-mode code with the fields of its header that a boot loader fills in, and the parameters behind it; offsets
 * from the kernel's boot.rst. The screen stays in text mode, whose text Tinsmith can read.
 */
function makeSegment(head: Buffer, { setupBytes }: KernelHeader, { parameters, initrd }: Passed): Buffer {
  const bytes = Buffer.alloc(segmentBytes);
  head.copy(bytes, 0, 0, setupBytes);
  // The boot loader: one without a number of its own.
  bytes[0x210] = 0xff;
  // There is a heap, up to 512 bytes below the end of the stack.
  bytes[0x211] = (bytes[0x211] ?? 0) | 0x80;
  bytes.writeUInt16LE(stackEnd - 0x200, 0x224);
  bytes.writeUInt32LE(initrd.size === 0 ? 0 : initrd.address, 0x218);
  bytes.writeUInt32LE(initrd.size, 0x21c);
  bytes.writeUInt32LE(0x10000 + stackEnd, 0x228);
  bytes.write(parameters, stackEnd, segmentBytes - stackEnd - 1, "utf8");
  return bytes;
}

async function writeParts(path: string, write: (to: FileHandle) => Promise<void>): Promise<void> {
  await using to = await open(path, "w");
  await write(to);
}

/** RAM disks that follow each other begin at a multiple of four bytes. */
async function copyPadded(file: IsoFile, { offset, size }: IsoEntry, to: FileHandle): Promise<void> {
  await file.copy(offset, size, to);
  await to.writeFile(Buffer.alloc(roundUp(size, 4) - size));
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
