import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export const mebibyte = 2 ** 20;
export const diskSize = 24 * mebibyte;

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-partitions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A sparse disk that sfdisk has divided. */
export function makeDisk(script: string, size = diskSize): string {
  const disk = join(newFolder(), "disk.img");
  writeFileSync(disk, "");
  truncateSync(disk, size);
  execFileSync("/sbin/sfdisk", ["--quiet", disk], { input: script });
  return disk;
}

/** A table with logical partitions, for sfdisk. */
export const logical = `label: dos
1: start=2048, size=8192, type=83, bootable
2: start=10240, size=8192, type=c
4: start=20480, size=28000, type=f
5: size=4096, type=82
6: size=8192, type=83
7: size=2048, type=ef
`;
/** A GPT, for sfdisk. */
export const gpt = `label: gpt
1: start=2048, size=8192, type=U, name="Boot"
2: start=16384, size=8192, type=L, name="Größe 😀"
5: start=40960, size=4096, type=S, attrs="LegacyBIOSBootable"
6: size=2048, type=01234567-89AB-CDEF-0123-456789ABCDEF
`;

/** Marks a sector as a boot record. @param start of a first entry, in sectors */
export function withSignature(bytes: Buffer, start?: number): Buffer {
  bytes.writeUInt16LE(0xaa55, 510);
  if (start !== undefined) writeEntry(bytes, 0, { type: 0x83, start, sectors: 1 });
  return bytes;
}

/** Writes an entry of a table of partitions. */
export function writeEntry(
  record: Buffer,
  index: number,
  { type, start, sectors }: { type: number; start: number; sectors: number },
): void {
  const at = 446 + index * 16;
  record.fill(0, at, at + 16);
  record[at + 4] = type;
  record.writeUInt32LE(start, at + 8);
  record.writeUInt32LE(sectors, at + 12);
}
