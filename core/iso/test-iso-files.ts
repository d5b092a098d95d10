import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes an ISO with xorriso.
 *
 * @param folder an empty one, for the ISO and its files.
 * @param files by their paths in the ISO.
 * @param options of `xorriso -as mkisofs`; by default, Rock Ridge's names. @returns its path
 */
export function makeIsoIn(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
  options: readonly string[] = ["-R"],
): string {
  const content = join(folder, "content");
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    writeFileSync(join(content, path), bytes);
  }
  const iso = join(folder, "test.iso");
  execFileSync("xorriso", ["-as", "mkisofs", "-quiet", ...options, "-o", iso, content], { stdio: "ignore" });
  return iso;
}

/** The content of an ISO without files, which no program boots. */
export function emptyIso(): Buffer {
  const sector = 2048;
  const iso = Buffer.alloc(19 * sector);
  const [primary, end, root] = [16 * sector, 17 * sector, 16 * sector + 156];
  iso[primary] = 1;
  iso[end] = 255;
  for (const descriptor of [primary, end]) iso.write("CD001", descriptor + 1, "latin1");
  iso.writeUInt32LE(iso.length / sector, primary + 80);
  iso.writeUInt16LE(sector, primary + 128);
  iso[root] = 34;
  iso.writeUInt32LE(18, root + 2);
  iso.writeUInt32LE(sector, root + 10);
  iso[root + 25] = 2;
  iso[root + 32] = 1;
  return iso;
}

interface KernelOptions {
  readonly version?: string;
  /** Of the boot protocol. */
  readonly protocol?: number;
  /** Bytes after the real-mode code. */
  readonly bytes?: number;
}

/** Bytes of the real-mode code of `fakeKernel`. */
export const fakeSetupBytes = 5 * 512;

/** A file with the header of a Linux kernel, in which each byte of protected mode is a "P". */
export function fakeKernel({
  version = linuxVersion,
  protocol = 0x20f,
  bytes = 4096,
}: KernelOptions = {}): Buffer {
  const kernel = Buffer.alloc(fakeSetupBytes + bytes, "P");
  kernel.fill(0, 0, fakeSetupBytes);
  kernel[0x1f1] = fakeSetupBytes / 512 - 1;
  kernel.writeUInt32LE(bytes / 16, 0x1f4);
  kernel.write("HdrS", 0x202, "latin1");
  kernel.writeUInt16LE(protocol, 0x206);
  kernel.writeUInt16LE(0x300, 0x20e);
  kernel[0x211] = 1;
  kernel.writeUInt32LE(0x7fffffff, 0x22c);
  kernel.writeUInt32LE(2047, 0x238);
  kernel.writeBigUInt64LE(0x1000000n, 0x258);
  kernel.writeUInt32LE(0x200000, 0x260);
  kernel.write(`${version}\0`, 0x500, "latin1");
  return kernel;
}

const linuxVersion = "6.1.0-50-amd64 (debian-kernel@lists.debian.org) #1 SMP";
