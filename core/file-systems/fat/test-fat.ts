import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { readBootSector } from "./boot-sector.ts";

/** The time of files that `makeFat` copies: FAT counts in steps of 2 s. */
export const fileTime = Date.UTC(2024, 1, 29, 23, 58, 42);

/** An image that mkfs.vfat has made. */
export interface TestFat {
  readonly path: string;
  /** Copies files into the image, by their paths. */
  readonly copy: (files: Readonly<Record<string, string | Buffer>>) => void;
  /** Runs a program of mtools on the image. @returns its output */
  readonly mtools: (program: string, ...args: readonly string[]) => Buffer;
}

/** Makes a FAT file system for one test. @param options of mkfs.vfat. @param size in bytes */
export function makeFat(options: readonly string[], size: number): TestFat {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-fat-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "fat.img");
  writeFileSync(path, "");
  truncateSync(path, size);
  execFileSync("/sbin/mkfs.vfat", [...options, path], { stdio: "ignore" });
  const env = { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC", MTOOLS_SKIP_CHECK: "1" };
  const mtools: TestFat["mtools"] = (program, ...args) =>
    execFileSync(program, ["-i", path, ...args], { env });
  let copies = 0;
  const copy: TestFat["copy"] = (files) => {
    const content = join(folder, `content-${copies++}`);
    for (const [name, bytes] of Object.entries(files)) {
      const file = join(content, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      utimesSync(file, fileTime / 1000, fileTime / 1000);
    }
    const roots = new Set(Object.keys(files).map((name) => join(content, name.split("/")[0] ?? "")));
    mtools("mcopy", "-s", "-m", "-D", "s", ...roots, "::");
  };
  return { path, copy, mtools };
}

/** The bytes of an image, and its layout. */
export function readImage({ path }: TestFat) {
  const image = readFileSync(path);
  const layout = readBootSector(image);
  if (!layout) throw new Error("not a FAT file system");
  return { image, layout };
}
