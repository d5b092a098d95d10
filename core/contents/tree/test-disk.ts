import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packArchive } from "../../image/archive/pack-archive.ts";
import type { TestFolder } from "./test-contents.ts";

const mebibyte = 1024 * 1024;

/** Writes files into a folder, which is made. */
export function writeTree(folder: string, files: TestFolder): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (typeof content === "string" || Buffer.isBuffer(content)) writeFileSync(path, content);
    else writeTree(path, content);
  }
}

/** Makes a disk of 32 MiB with one partition, an ext4 with these files. @param folder an existing one, which it is put into */
export function makeDisk(folder: string, files: TestFolder): string {
  const [disk, partition, tree] = ["disk.img", "partition.img", "tree"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeTree(tree, files);
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: "pipe" });
  run("truncate", "-s", "24M", partition);
  run("/sbin/mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", "-d", tree, partition);
  run("truncate", "-s", "32M", disk);
  const script = `label: dos\n1: start=${mebibyte / 512}, size=${(24 * mebibyte) / 512}, type=83\n`;
  execFileSync("/sbin/sfdisk", ["--quiet", disk], { input: script });
  run("dd", `if=${partition}`, `of=${disk}`, "bs=1M", "seek=1", "conv=notrunc,sparse", "status=none");
  return disk;
}

/** Packs such a disk as an image archive. @returns its path */
export async function makeImage(folder: string, name: string, files: TestFolder): Promise<string> {
  const image = join(folder, `${name}.files`);
  mkdirSync(image, { recursive: true });
  makeDisk(image, files);
  writeFileSync(join(image, "machine.json"), '{"version": 1, "memory": 512}');
  const target = join(folder, `${name}.tar.lz4`);
  await packArchive({ folder: image, target });
  return target;
}
