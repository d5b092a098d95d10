import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { EntryKind } from "../../../shared/contents/entry.ts";
import type { ByteSource } from "../byte-source.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";
import { sourceOfFile } from "../test-source.ts";
import { openExt } from "./ext.ts";

/** The programs of e2fsprogs are in folders of the administrator's. */
const env = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  TZ: "UTC",
};

/** Runs a program of e2fsprogs. @returns its output */
export function run(program: string, args: readonly string[], input = ""): string {
  return execFileSync(program, args, {
    env,
    input,
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 2 ** 28,
  }).toString("latin1");
}

interface MakeOptions {
  /** A folder, the files of which it has. */
  readonly from?: string;
  readonly megabytes?: number | undefined;
  /** The byte that the disk has everywhere before; by default it has holes. */
  readonly fill?: number;
  /** Commands of debugfs, which change it. */
  readonly commands?: readonly string[];
}

/** Makes a file system. */
export function makeExt(
  image: string,
  options: readonly string[],
  { from, megabytes = 16, fill, commands = [] }: MakeOptions = {},
): void {
  const size = megabytes * 1024 * 1024;
  writeFileSync(image, fill === undefined ? "" : Buffer.alloc(size, fill));
  truncateSync(image, size);
  run("mke2fs", ["-q", "-F", "-L", "sample", ...options, ...(from ? ["-d", from] : []), image]);
  if (commands.length > 0) changeExt(image, commands);
}

/** Changes a file system with commands of debugfs. */
export function changeExt(image: string, commands: readonly string[]): void {
  run("debugfs", ["-w", "-f", "-", image], `${commands.join("\n")}\n`);
}

/** Opens an image, which must have a file system; it is closed when the test ends. */
export async function openImage(image: string): Promise<FileSystem> {
  const system = await openExt(await sourceOfFile(image));
  if (!system) throw new Error(`${image} was not recognized`);
  return system;
}

/** Writes bytes into a file system. */
export function patch(image: string, offset: number, bytes: Buffer): void {
  const file = openSync(image, "r+");
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

/** A little-endian number of 16 or 32 bits. */
export function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The place of an inode in bytes. @param file a path, or `<NUMBER>` */
export function inodeOffset(image: string, file: string, blockSize: number): number {
  const found = /block (\d+), offset (0x[0-9a-f]+)/.exec(run("debugfs", ["-R", `imap ${file}`, image]));
  return Number(found?.[1]) * blockSize + Number(found?.[2]);
}

/** The place of a file's block in bytes. */
export function blockOffset(image: string, file: string, block: number, blockSize: number): number {
  return Number(run("debugfs", ["-R", `bmap ${file} ${block}`, image])) * blockSize;
}

/** Facts of a file, as a reader or a folder on disk has them. */
export interface Facts {
  readonly kind: EntryKind;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly links: number;
  readonly modified: number | undefined;
  /** Of a file or a symbolic link. */
  readonly size?: number;
  readonly digest?: string;
  readonly target?: string;
}

/** Reads all of a file system but `lost+found`: facts by path, whose bytes are in Latin-1. */
export async function factsOf(system: FileSystem): Promise<ReadonlyMap<string, Facts>> {
  const found = new Map<string, Facts>();
  for (const [path, entry] of await walk(system)) {
    if (path === "/lost+found") continue;
    const { kind, mode, uid, gid, links, modified, size, target } = entry;
    found.set(path, {
      kind,
      mode,
      uid,
      gid,
      links,
      modified,
      ...((kind === "file" || kind === "symlink") && { size }),
      ...(kind === "file" && { digest: await digestOf(await system.open(entry)) }),
      ...(target && { target: target.toString("latin1") }),
    });
  }
  return found;
}

/** All entries but the root, by path. A folder comes once, even if it is in itself. */
export async function walk(system: FileSystem): Promise<ReadonlyMap<string, FileEntry>> {
  const found = new Map<string, FileEntry>();
  const seen = new Set<number>();
  const visit = async (folder: FileEntry, path: string) => {
    if (seen.has(folder.inode)) return;
    seen.add(folder.inode);
    for await (const entry of system.list(folder)) {
      const own = `${path}/${entry.name.toString("latin1")}`;
      found.set(own, entry);
      if (entry.kind === "folder") await visit(entry, own);
    }
  };
  await visit(system.root, "");
  return found;
}

/** The digest of a content, which is read in pieces that fit no block. */
async function digestOf(content: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  const piece = 777_777;
  for (let at = 0; at < content.size; at += piece) hash.update(await content.read(at, piece));
  return hash.digest("hex");
}

/** The facts of a folder on this machine's disk. */
export function factsOnDisk(folder: string): ReadonlyMap<string, Facts> {
  const found = new Map<string, Facts>();
  const visit = (path: string) => {
    for (const name of readdirSync(Buffer.from(folder + path, "latin1"), { encoding: "buffer" })) {
      const own = `${path}/${name.toString("latin1")}`;
      const place = Buffer.from(folder + own, "latin1");
      const status = lstatSync(place);
      const { mode, uid, gid, nlink: links, mtimeMs: modified, size } = status;
      const kind = status.isDirectory() ? "folder" : status.isSymbolicLink() ? "symlink" : "file";
      found.set(own, {
        kind,
        mode: mode & 0o7777,
        uid,
        gid,
        links,
        modified,
        ...(kind !== "folder" && { size }),
        ...(kind === "file" && { digest: createHash("sha256").update(readFileSync(place)).digest("hex") }),
        ...(kind === "symlink" && { target: readlinkSync(place, { encoding: "latin1" }) }),
      });
      if (kind === "folder") visit(own);
    }
  };
  visit("");
  return found;
}

/** Facts of an inode that debugfs prints. */
export interface Stat {
  readonly type: string;
  readonly mode: number;
  readonly user: number;
  readonly group: number;
  readonly size: number;
  readonly links: number;
  /** In units of 512 bytes. */
  readonly blocks: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Such as `4:64`. */
  readonly device: string | undefined;
}

/** Asks debugfs for the facts of inodes. */
export function statInodes(image: string, inodes: readonly number[]): ReadonlyMap<number, Stat> {
  const output = run("debugfs", ["-f", "-", image], inodes.map((inode) => `stat <${inode}>\n`).join(""));
  const found = new Map<number, Stat>();
  for (const part of output.split(/^(?=Inode: )/m).slice(1)) {
    const field = (pattern: RegExp) => pattern.exec(part)?.[1] ?? "";
    const nanoseconds = Number.parseInt(field(/mtime: 0x[0-9a-f]+:([0-9a-f]+)/) || "0", 16) >>> 2;
    const device = /number: (\d+):(\d+)/.exec(part);
    found.set(Number(field(/^Inode: (\d+)/)), {
      type: field(/Type: ([\w ]+?) +Mode/),
      mode: Number.parseInt(field(/Mode: +(\d+)/), 8),
      user: Number(field(/User: +(\d+)/)),
      group: Number(field(/Group: +(\d+)/)),
      size: Number(field(/Size: +(\d+)/)),
      links: Number(field(/Links: +(\d+)/)),
      blocks: Number(field(/Blockcount: +(\d+)/)),
      modified: Date.parse(`${field(/mtime: .* -- (.*)/)} UTC`) + nanoseconds / 1e6,
      device: device ? `${Number(device[1])}:${Number(device[2])}` : undefined,
    });
  }
  return found;
}
