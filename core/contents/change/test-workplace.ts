import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { findPaths } from "../../storage/paths.ts";
import { openContents } from "../tree/open-contents.ts";
import { writeTree } from "../tree/test-disk.ts";
import { changeImage, type Put } from "./change-image.ts";

/** Runs a program, also one that only administrators have on their path. @returns its output */
export const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...{ ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
      ...{ MTOOLSRC: "/dev/null", LC_ALL: "C.UTF-8" },
    },
  }).toString();

/** The image of a test. */
interface WorkplaceOptions {
  readonly type?: string;
  /** Of the ext file system, for all files; there are more by default. */
  readonly inodes?: number;
  /** Of debugfs, for the ext file system. */
  readonly commands?: readonly string[];
}

/**
 * A place for tests, with an image whose partitions are an ext and a FAT file system.
 *
 * @param atEnd registers what removes it: `onTestFinished`, or `afterAll` if tests share it
 */
export async function makeWorkplace(
  atEnd: (remove: () => void) => void,
  { type = "ext4", inodes = 2048, commands = [] }: WorkplaceOptions = {},
) {
  const home = mkdtempSync(join(tmpdir(), "change-image-"));
  atEnd(() => rmSync(home, { recursive: true }));
  const at = (name: string) => join(home, name);
  writeTree(at("tree"), { etc: { motd: "hello\n", issue: "issue" }, opt: { "a b": "spaces" } });
  writeTree(at("inner"), { opt: { tool: "old tool", other: "other" }, top: "top" });
  chmodSync(at("inner/opt/tool"), 0o750);
  const owner = ["--owner=tc:1001", "--group=staff:50", "-C", at("inner")];
  run("tar", "-czf", at("tree/mydata.tgz"), ...owner, "opt", "top");
  run("tar", "-cf", at("tree/mydata.tar"), ...owner, "./opt", "./top");
  run("cp", at("tree/mydata.tar"), at("tree/cut.tar"));
  // All of its entries, and nothing of the mark of its end.
  run("truncate", "-s", "3584", at("tree/cut.tar"));
  const tar = gunzipSync(readFileSync(at("tree/mydata.tgz")));
  const zeros = Buffer.alloc(512);
  const tail = Buffer.from("tail");
  writeFileSync(at("tree/padded.tgz"), Buffer.concat([gzipSync(tar), zeros, gzipSync(tar)]));
  writeFileSync(at("tree/tail.tgz"), Buffer.concat([gzipSync(tar), zeros, tail]));
  writeFileSync(at("tree/tail.tar"), Buffer.concat([tar, tail]));
  run("truncate", "-s", "8M", at("ext"));
  const options = ["-t", type, "-N", `${inodes}`, "-E", "root_owner=0:0", "-d", at("tree")];
  run("mke2fs", "-q", ...options, at("ext"));
  run("truncate", "-s", "8M", at("fat"));
  run("mkfs.fat", at("fat"));
  run("mmd", "-i", at("fat"), "::/boot");
  writeFileSync(at("menu"), "menu");
  run("mcopy", "-i", at("fat"), at("menu"), "::/boot/menu.lst");
  run("mcopy", "-i", at("fat"), at("menu"), "::/A long näme.txt");
  const folder = at("image");
  mkdirSync(folder);
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  const disk = join(folder, "disk.img");
  run("truncate", "-s", "32M", disk);
  execFileSync("/sbin/sfdisk", ["-q", disk], {
    input: "start=2048,size=16384,type=83\nstart=20480,size=16384,type=c\n",
  });
  for (const command of commands) run("debugfs", "-w", "-R", command, at("ext"));
  const place = (part: string, start: number) =>
    run(
      "dd",
      `if=${at(part)}`,
      `of=${disk}`,
      "bs=512",
      `seek=${start}`,
      "conv=notrunc,sparse",
      "status=none",
    );
  place("ext", 2048);
  place("fat", 20480);
  const archive = at("image.tar.lz4");
  await packArchive({ folder, target: archive });
  const paths = findPaths({ TINSMITH_HOME: at("home") });
  const change = (target: string, ...puts: readonly Put[]) =>
    changeImage(paths, { archive, target: at(target), puts, pack: packArchive, onNote: () => {} });
  const file = (name: string, content: string | Buffer, mode = 0o644) => {
    writeFileSync(at(name), content);
    chmodSync(at(name), mode);
    return at(name);
  };
  const open = async (path: string) => {
    const contents = await openContents(paths, path, { readsAll: false, onNote: () => {} });
    onTestFinished(() => contents[Symbol.asyncDispose]());
    return contents;
  };
  return { at, archive, change, file, open, paths };
}

/** The places of the two file systems in the tree of the image. */
export const [ext, fat] = ["/disk.img/partition1", "/disk.img/partition2"];
