import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { expect, test } from "vitest";
import { expectDamageInWords } from "../test-damage.ts";
import { makeTestFolder, makeTestTree, readWhole, seeFileSystem, seeFolder } from "../test-folder.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { openCpio } from "./cpio.ts";

async function makeArchive(format: string) {
  const folder = makeTestFolder();
  const tree = join(folder, "tree");
  await makeTestTree(tree);
  const archive = join(folder, "tree.cpio");
  const command = `find . -print0 | cpio --quiet -o0 -H ${format} -O ${archive}`;
  await execa("sh", ["-c", command], { cwd: tree });
  return { tree, archive };
}

async function openBytes(bytes: Buffer) {
  const system = await openCpio(sourceOfBytes(bytes));
  if (!system) throw new Error("it is not a cpio archive");
  return system;
}

test.for(["newc", "crc", "odc"])("reads what GNU cpio writes as %s", async (format) => {
  const { tree, archive } = await makeArchive(format);
  const system = await openCpio(await sourceOfFile(archive));
  if (!system) throw new Error("it is not a cpio archive");
  expect(await seeFileSystem(system)).toEqual(withSmallDevices(seeFolder(tree), format));
  expect([system.notes, system.format]).toEqual([[], "cpio"]);
});

/** The format odc has 16 bits for a device. */
function withSmallDevices(seen: ReturnType<typeof seeFolder>, format: string) {
  if (format !== "odc") return seen;
  return seen.map((one) => (one.device === "8:300" ? { ...one, device: "8:44" } : one));
}

interface Header {
  readonly mode?: number;
  readonly content?: string;
  readonly inode?: number;
  readonly links?: number;
  readonly device?: readonly [number, number];
}

function entry(
  path: string,
  { mode = 0o100644, content = "", inode = 0, links = 1, device = [0, 0] }: Header = {},
): Buffer {
  const fields = [inode, mode, 7, 8, links, 1000, content.length, 0, 0, ...device, path.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${path}\0`;
  return Buffer.concat([padded(header), padded(content)]);
}

function padded(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil(text.length / 4) * 4);
  bytes.write(text, "latin1");
  return bytes;
}

const trailer = entry("TRAILER!!!");
const pathsOf = async (bytes: Buffer) =>
  (await seeFileSystem(await openBytes(bytes))).map(({ path, kind }) => `${path} ${kind}`);

test("reads devices, and hard links whose content the last one has", async () => {
  const linked = { inode: 5, links: 2 };
  const bytes = Buffer.concat([
    entry("console", { mode: 0o020600, device: [5, 1] }),
    entry("one", linked),
    entry("other", { ...linked, content: "shared" }),
    trailer,
    // Inodes of another archive are others.
    entry("third", linked),
    trailer,
  ]);
  const system = await openBytes(bytes);
  const [console, one, other, third] = await Array.fromAsync(system.list(system.root));
  expect(console).toMatchObject({ kind: "char-device", mode: 0o600, device: { major: 5, minor: 1 } });
  expect(one).toMatchObject({ size: 6, links: 2, uid: 7, gid: 8, modified: 1_000_000 });
  expect(other?.inode).toBe(one?.inode);
  expect(third).toMatchObject({ size: 0, links: 1 });
  if (!one) throw new Error("an entry is missing");
  expect((await readWhole(await system.open(one))).toString()).toBe("shared");
});

test("several archives with zeros between them are one tree, and data after them is a file", async () => {
  const first = Buffer.concat([
    entry("kernel", { mode: 0o040755 }),
    entry("kernel/x86", { content: "old" }),
    trailer,
  ]);
  const second = Buffer.concat([entry("kernel/x86", { content: "newer" }), trailer]);
  const packed = gzipSync(Buffer.concat([entry("init"), trailer]));
  const zeros = Buffer.alloc(512);
  const both = Buffer.concat([first, zeros, second, zeros]);
  expect(await pathsOf(both)).toEqual([" folder", "kernel folder", "kernel/x86 file"]);
  const system = await openBytes(Buffer.concat([both, packed]));
  const [kernel, rest] = await Array.fromAsync(system.list(system.root));
  if (!kernel || !rest) throw new Error("an entry is missing");
  const [x86] = await Array.fromAsync(system.list(kernel));
  expect(x86?.size).toBe(5);
  expect(rest.name.toString()).toBe(`rest-at-${both.length}`);
  expect(await readWhole(await system.open(rest))).toEqual(packed);
  expect(system.notes).toEqual([
    `Other data follows the archive. It is shown as the file rest-at-${both.length}.`,
  ]);
});

test("shows a damaged archive up to the damage, and says so", async () => {
  const whole = Buffer.concat([entry("a", { content: "first" }), entry("b", { content: "second" }), trailer]);
  const cut = whole.subarray(0, whole.length - trailer.length - 4);
  const system = await openBytes(cut);
  expect(await pathsOf(Buffer.concat([entry("a"), Buffer.alloc(200, "x")]))).toEqual([" folder", "a file"]);
  const [, b] = await Array.fromAsync(system.list(system.root));
  if (!b) throw new Error("an entry is missing");
  await expect(system.open(b)).rejects.toMatchObject({ code: "damaged-file-system" });
  expect(system.notes).toEqual([
    expect.stringMatching(
      /^The archive is damaged or incomplete, and is shown up to there: .*header at byte/,
    ),
  ]);
});

test("other files are not cpio archives", async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from("0707"), Buffer.from("070708".repeat(50))])
    expect(await openCpio(sourceOfBytes(bytes))).toBeUndefined();
});

test("damage leads to other entries or to an error in words, and never takes long", async () => {
  const { archive } = await makeArchive("newc");
  await expectDamageInWords(readFileSync(archive), openCpio);
});
