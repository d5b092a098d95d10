/**
 * The header of a Linux kernel for x86. All offsets and values are from the kernel's Documentation/arch/x86/boot.rst,
 * "The Real-Mode Kernel Header".
 */
export interface KernelHeader {
  /** Such as `6.1.0-50-amd64`. */
  readonly version: string;
  /** The version of the boot protocol, such as 0x20f. */
  readonly protocol: number;
  /** Bytes of the real-mode code at the beginning of the file; all the rest is for protected mode. */
  readonly setupBytes: number;
  /** Whether the rest is loaded at 1 MiB: a zImage is not, and is older than Linux 2.6. */
  readonly isLoadedHigh: boolean;
  /** The last address that an initial RAM disk may have. */
  readonly initrdAddressMax: number;
  /** The first address that is free while the kernel unpacks itself. */
  readonly endOfKernel: number;
  /** The number of characters of its parameters. */
  readonly parametersMax: number;
}

/** Bytes of a kernel's file that `readKernelHeader` needs: the largest real-mode code, which names the version. */
export const kernelHeadBytes = 64 * 1024;

/** The version that memdisk, Memtest86+ and iPXE have is not like that: `6.1.0 (builder@host) #1 SMP`. */
const linuxVersion = /^(\d+\.\d+\S*) \([^)]*@[^)]*\)/;

/** Reads the header of a kernel from the beginning of its file; undefined if it is not a Linux kernel. */
export function readKernelHeader(head: Buffer): KernelHeader | undefined {
  if (head.length < 0x270 || head.toString("latin1", 0x202, 0x206) !== "HdrS") return undefined;
  const protocol = head.readUInt16LE(0x206);
  const versionAt = head.readUInt16LE(0x20e) + 0x200;
  const [, version] = linuxVersion.exec(head.toString("latin1", versionAt, versionAt + 200)) ?? [];
  if (version === undefined) return undefined;
  // Four, by the protocol, if it is not given.
  const setupSectors = head[0x1f1] || 4;
  const size = head.readUInt32LE(0x1f4) * 16;
  const loadedAt = 0x100000;
  const unpackedAt = protocol >= 0x20a ? Number(head.readBigUInt64LE(0x258)) : loadedAt;
  // Before it was given, an unpacked kernel was seldom four times as large.
  const unpackedSize = protocol >= 0x20a ? head.readUInt32LE(0x260) : size * 5;
  return {
    version,
    protocol,
    setupBytes: (setupSectors + 1) * 512,
    isLoadedHigh: ((head[0x211] ?? 0) & 1) !== 0,
    initrdAddressMax: protocol >= 0x203 ? head.readUInt32LE(0x22c) : 0x37ffffff,
    endOfKernel: Math.max(loadedAt + size, unpackedAt + unpackedSize),
    parametersMax: protocol >= 0x206 ? head.readUInt32LE(0x238) : 255,
  };
}
