import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { sampleBytes } from "../../image/test-fixtures.ts";

/** A moment in whole seconds: older versions of mke2fs copy no parts of them. */
const moment = 1_700_000_000;

/** Writes files of all kinds that a folder on disk can have without privileges, and that fill about 1 MiB. */
export function writeSampleTree(folder: string): void {
  const path = (name: string) => join(folder, name);
  mkdirSync(path("deep"));
  let deep = "deep";
  for (let level = 0; level < 30; level++) {
    deep += `/level-${level}`;
    mkdirSync(path(deep));
  }
  writeFileSync(path(`${deep}/leaf`), "at the end of many folders\n");
  for (const size of [0, 1, 59, 60, 61, 100, 160, 1023, 4096, 4097, 65_536, 300_001])
    writeFileSync(path(`size-${size}`), sampleBytes(size));
  linkSync(path("size-100"), path("hard-link"));
  linkSync(path("size-100"), path("deep/hard-link"));
  for (const length of [1, 59, 60, 61, 200, 1000])
    symlinkSync("x/".repeat(length).slice(0, length), path(`symlink-${length}`));
  writeFileSync(
    Buffer.concat([Buffer.from(path("")), Buffer.from([0x2f, 0xff, 0xfe, 0x0a, 0x80, 0x20])]),
    "not UTF-8",
  );
  writeFileSync(path(`long-${"ü".repeat(125)}`), "255 bytes");
  mkdirSync(path("empty-folder"));
  writeHoles(path("holes-few"), [0, 5, 40], 4096, 400_000);
  // More extents than fit into an inode and one block.
  writeHoles(
    path("holes-many"),
    Array.from({ length: 600 }, (_, index) => 2 * index),
    1024,
    1_300_000,
  );
  // With blocks of 1 KiB, the last part is behind pointers of three levels.
  writeHoles(path("holes-far"), [0, 20, 300, 70_000], 1024, 80_000_000);
  writeFileSync(path("private"), "mode");
  chmodSync(path("private"), 0o4701);
  writeFileSync(path("old"), "before 1970");
  for (const name of ["symlink-1", "symlink-200"]) lutimesSync(path(name), moment, moment + 3);
  utimesSync(path("size-1"), moment, moment);
  utimesSync(path("old"), moment, -1000);
}

function writeHoles(path: string, blocks: readonly number[], block: number, size: number): void {
  const file = openSync(path, "w");
  ftruncateSync(file, size);
  // With data in inodes, mke2fs forgets a hole at the end.
  writeSync(file, "end", size - 3);
  for (const number of blocks) writeSync(file, sampleBytes(block), 0, block, number * block);
  closeSync(file);
}

/** Writes many small files into a folder. */
export function writeManyFiles(folder: string, count: number): void {
  mkdirSync(folder);
  for (let number = 0; number < count; number++)
    writeFileSync(join(folder, `a-file-with-a-name-of-usual-length-${number}`), "");
}
