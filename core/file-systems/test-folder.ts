import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import type { ByteSource } from "./byte-source.ts";
import type { FileEntry, FileSystem } from "./file-system.ts";
import { kindOfMode } from "./mode.ts";

/** A folder that is removed when the test ends. */
export function makeTestFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A path whose bytes are the characters of a text. */
const bytes = (text: string) => Buffer.from(text, "latin1");
const pathIn = (folder: string, name: string) => Buffer.concat([Buffer.from(`${folder}/`), bytes(name)]);

/** Fills a folder with all that a Unix file system can have. Devices only if this user may make them. */
export async function makeTestTree(folder: string): Promise<void> {
  const file = (name: string, content: string | Buffer) => writeFileSync(pathIn(folder, name), content);
  mkdirSync(folder);
  file("empty", "");
  file("short", "hello\n");
  file("large", Buffer.alloc(700_000, "0123456789abcdefghijklmnopqrstuvwxyz\n"));
  file("random", createNoise(300_000));
  file("tool", "#!/bin/sh\n");
  chmodSync(join(folder, "tool"), 0o6755);
  file("x".repeat(255), "long name");
  file("not UTF-8 \xff\xfe", "bytes");
  file("two\nlines", "newline");
  file('quote"\\ and \t tab', "odd");
  file("t\u00c3\u00a4st", "UTF-8");
  mkdirSync(join(folder, "sticky"));
  chmodSync(join(folder, "sticky"), 0o1777);
  mkdirSync(join(folder, "empty folder"), { mode: 0o700 });
  const deep = Array.from({ length: 40 }, (_, level) => `level ${level}`).join("/");
  mkdirSync(join(folder, deep), { recursive: true });
  file(`${deep}/bottom`, "deep");
  mkdirSync(join(folder, "many"));
  for (let index = 0; index < 400; index++) file(`many/file ${index}`, `content ${index}`);
  linkSync(join(folder, "large"), join(folder, "many/link to large"));
  linkSync(join(folder, "large"), join(folder, "a link"));
  symlinkSync("../short", join(folder, "many/symlink"));
  symlinkSync("y".repeat(300), join(folder, "long symlink"));
  symlinkSync(bytes("\xfftarget"), join(folder, "odd symlink"));
  makeHoles(join(folder, "holes"), 3_000_000, [0, 1_000_000, 1_500_000]);
  makeHoles(join(folder, "only a hole"), 500_000, []);
  makeHoles(
    join(folder, "many holes"),
    2_000_000,
    Array.from({ length: 40 }, (_, index) => index * 40_960),
  );
  await execa("mkfifo", ["-m", "640", join(folder, "fifo")]);
  await execa("mknod", ["-m", "660", join(folder, "device"), "b", "8", "300"], { reject: false });
  await execa("mknod", ["-m", "606", join(folder, "console"), "c", "5", "1"], { reject: false });
  utimesSync(join(folder, "short"), 1, 86_400 * 365);
  utimesSync(join(folder, "tool"), 1, 1_234_567_890);
  lutimesSync(join(folder, "odd symlink"), 1, 1_000_000_000);
}

function makeHoles(path: string, size: number, data: readonly number[]): void {
  const file = openSync(path, "w");
  for (const place of data) writeSync(file, `data at ${place}`, place);
  closeSync(file);
  truncateSync(path, size);
}

/** Bytes that no program can compress, the same each time. */
export function createNoise(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++)
    parts.push(createHash("sha256").update(`noise ${index}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

/** The properties of a file that are compared. */
export interface Seen {
  readonly path: string;
  readonly kind: string | undefined;
  readonly mode: number | undefined;
  readonly owner: string;
  /** In seconds. */
  readonly modified: number;
  readonly size: number;
  readonly links: number | undefined;
  readonly target: string | undefined;
  readonly device: string | undefined;
  readonly digest: string | undefined;
  /** The first path of the same file. */
  readonly sameAs: string;
}

const digest = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** The files below a folder of this host, by their paths in bytes. */
export function seeFolder(folder: string): readonly Seen[] {
  const seen: Seen[] = [];
  const firstPaths = new Map<number, string>();
  const visit = (path: string) => {
    const place = pathIn(folder, path);
    const status = lstatSync(place);
    const kind = kindOfMode(status.mode);
    const isDevice = kind === "char-device" || kind === "block-device";
    seen.push({
      path,
      kind,
      mode: status.mode & 0o7777,
      owner: `${status.uid}:${status.gid}`,
      modified: Math.floor(status.mtimeMs / 1000),
      size: kind === "folder" ? 0 : status.size,
      links: kind === "folder" ? undefined : status.nlink,
      target: kind === "symlink" ? readlinkSync(place, "latin1") : undefined,
      device: isDevice ? deviceOf(status.rdev) : undefined,
      digest: kind === "file" ? digest(readFileSync(place)) : undefined,
      sameAs: firstPath(firstPaths, status.ino, path),
    });
    if (kind === "folder")
      for (const name of readdirSync(place, "latin1")) visit(path === "" ? name : `${path}/${name}`);
  };
  visit("");
  return inOrder(seen);
}

/** As the C library has it for small numbers. */
function deviceOf(rdev: number): string {
  return `${(rdev >> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`;
}

/** The files of a file system, as `seeFolder` has them. */
export async function seeFileSystem(system: FileSystem): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const firstPaths = new Map<number, string>();
  const visit = async (entry: FileEntry, path: string) => {
    const { kind, mode, uid, gid, modified, size, links, target, device, inode } = entry;
    seen.push({
      ...{ path, kind, mode, owner: `${uid}:${gid}` },
      modified: Math.floor((modified ?? Number.NaN) / 1000),
      size: kind === "folder" ? 0 : size,
      links: kind === "folder" ? undefined : links,
      target: target?.toString("latin1"),
      device: device && `${device.major}:${device.minor}`,
      digest: kind === "file" ? digest(await readWhole(await system.open(entry))) : undefined,
      sameAs: firstPath(firstPaths, inode, path),
    });
    if (kind !== "folder") return;
    for await (const one of system.list(entry)) {
      const name = one.name.toString("latin1");
      await visit(one, path === "" ? name : `${path}/${name}`);
    }
  };
  await visit(system.root, "");
  return inOrder(seen);
}

function firstPath(paths: Map<number, string>, inode: number, path: string): string {
  const first = paths.get(inode);
  if (first === undefined) paths.set(inode, path);
  return first ?? path;
}

/** Sorted by their paths, with the first path of each file by that order. */
function inOrder(seen: readonly Seen[]): readonly Seen[] {
  const sorted = seen.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const first = new Map<string, string>();
  for (const { path, sameAs } of sorted) if (!first.has(sameAs)) first.set(sameAs, path);
  return sorted.map((one) => ({ ...one, sameAs: first.get(one.sameAs) ?? one.path }));
}

/** Reads a source in pieces of an odd size, so that pieces and blocks have different borders. */
export async function readWhole(source: ByteSource): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; at < source.size; ) {
    const piece = await source.read(at, 100_003);
    if (piece.length === 0) throw new Error(`the source ends at ${at} of ${source.size}`);
    parts.push(Buffer.from(piece));
    at += piece.length;
  }
  return Buffer.concat(parts);
}
