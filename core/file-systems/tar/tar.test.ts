import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { tarChecksum } from "../../image/tar/tar-header.ts";
import { expectDamageInWords } from "../test-damage.ts";
import { makeTestFolder, makeTestTree, readWhole, seeFileSystem, seeFolder } from "../test-folder.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { openTar } from "./tar.ts";

async function openFile(path: string) {
  const system = await openTar(await sourceOfFile(path));
  if (!system) throw new Error("it is not a tar archive");
  return system;
}

async function openBytes(bytes: Buffer) {
  const system = await openTar(sourceOfBytes(bytes));
  if (!system) throw new Error("it is not a tar archive");
  return system;
}

test.for([
  "--format=gnu",
  "--format=gnu --sparse",
  "--format=oldgnu --sparse",
  "--format=pax",
  "--format=pax --sparse --sparse-version=0.0",
  "--format=pax --sparse --sparse-version=0.1",
  "--format=pax --sparse --sparse-version=1.0",
])("reads what GNU tar writes with %s", async (options) => {
  const folder = makeTestFolder();
  const tree = join(folder, "tree");
  await makeTestTree(tree);
  const archive = join(folder, "tree.tar");
  await execa("tar", ["-cf", archive, ...options.split(" "), "-C", tree, "."]);
  const system = await openFile(archive);
  expect(await seeFileSystem(system)).toEqual(seeFolder(tree));
  expect(system.notes).toEqual([]);
  expect(system.format).toBe("tar");
});

test.for(["ustar", "v7"])("reads what GNU tar writes as %s, which has only short names", async (format) => {
  const folder = makeTestFolder();
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "a".repeat(60), "b".repeat(20)), { recursive: true });
  const deep = format === "v7" ? "" : "c".repeat(60);
  writeFileSync(join(tree, "a".repeat(60), "b".repeat(20), `${deep}d`), "content");
  writeFileSync(join(tree, "other"), "more");
  const archive = join(folder, "tree.tar");
  await execa("tar", ["-cf", archive, `--format=${format}`, "-C", tree, "."]);
  expect(await seeFileSystem(await openFile(archive))).toEqual(seeFolder(tree));
});

interface Header {
  readonly type?: string;
  readonly content?: string;
  readonly link?: string;
  readonly fields?: (header: Buffer) => void;
}

function entry(path: string, { type = "0", content = "", link = "", fields }: Header = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, "latin1");
  header.write("0000644\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000001\0", 136);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\x0000", 257);
  fields?.(header);
  header.write(`${tarChecksum(header).toString(8).padStart(6, "0")}\0 `, 148);
  const data = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  data.write(content);
  return Buffer.concat([header, data]);
}

const end = Buffer.alloc(1024);
const pathsOf = async (bytes: Buffer) =>
  (await seeFileSystem(await openBytes(bytes))).map(({ path, kind }) => `${path} ${kind}`);

test("has folders that no entry names, without a mode, and no path out of the tree", async () => {
  const bytes = Buffer.concat([entry("./a"), entry("/b/c/d"), entry("e/../../f"), entry("g//h"), end]);
  expect(await pathsOf(bytes)).toEqual([
    " folder",
    "a file",
    "b folder",
    "b/c folder",
    "b/c/d file",
    "g folder",
    "g/h file",
  ]);
  const { notes, list, root } = await openBytes(bytes);
  expect(notes).toEqual(['The entry "e/../../f" is not shown: its path contains “..”.']);
  const entries = await Array.fromAsync(list(root));
  expect(entries.find(({ name }) => name.toString() === "b")?.mode).toBeUndefined();
});

test("the later entry of a path counts, and a link keeps the file that it was made to", async () => {
  const bytes = Buffer.concat([
    entry("a", { content: "one" }),
    entry("b", { type: "1", link: "./a" }),
    entry("a", { content: "other" }),
    entry("gone", { type: "1", link: "nowhere" }),
    entry("a/below"),
    end,
  ]);
  const system = await openBytes(bytes);
  const [a, b] = await Array.fromAsync(system.list(system.root));
  if (!a || !b) throw new Error("an entry is missing");
  expect([a.name, a.links, (await readWhole(await system.open(a))).toString()]).toEqual([
    Buffer.from("a"),
    1,
    "other",
  ]);
  expect([b.name, b.links, (await readWhole(await system.open(b))).toString()]).toEqual([
    Buffer.from("b"),
    1,
    "one",
  ]);
  expect(a.inode).not.toBe(b.inode);
  expect(system.notes).toEqual([
    'The entry "gone" is not shown: it is a hard link to a file that is not in the archive.',
    'The entry "a/below" is not shown: its path leads through a file that is not a folder.',
  ]);
});

test("reads devices, numbers in base 256, times before 1970 and fractions of seconds", async () => {
  const large = (header: Buffer) => {
    header.set([0x80, 0, 0, 0, 0x80, 0, 0, 0], 108);
    header.fill(0xff, 136, 148);
  };
  const device = (header: Buffer) => {
    header.write("0000010\0", 329);
    header.write("0000454\0", 337);
  };
  const bytes = Buffer.concat([
    entry("old", { fields: large }),
    entry("disk", { type: "4", fields: device }),
    entry("pax", { type: "x", content: "20 mtime=1000.98765\n18 uid=3000000000\n" }),
    entry("new"),
    end,
  ]);
  const { list, root } = await openBytes(bytes);
  const [disk, recent, old] = await Array.fromAsync(list(root));
  expect(old).toMatchObject({ uid: 2 ** 31, modified: -1000 });
  expect(disk).toMatchObject({ kind: "block-device", device: { major: 8, minor: 300 } });
  expect(recent).toMatchObject({ uid: 3_000_000_000, modified: 1_000_987 });
});

test("shows a damaged archive up to the damage, and says so", async () => {
  const whole = Buffer.concat([entry("a", { content: "first" }), entry("b", { content: "second" }), end]);
  const damagedHeader = Buffer.from(whole);
  damagedHeader[1024] = 0x20;
  expect((await openBytes(damagedHeader)).notes).toEqual([
    "The archive is damaged or incomplete, and is shown up to there: the tar header at byte 1024 is damaged.",
  ]);
  expect(await pathsOf(damagedHeader)).toEqual([" folder", "a file"]);
  const cut = await openBytes(whole.subarray(0, 1536));
  expect(cut.notes).toHaveLength(1);
  const [, b] = await Array.fromAsync(cut.list(cut.root));
  if (!b) throw new Error("an entry is missing");
  await expect(cut.open(b)).rejects.toMatchObject({
    code: "damaged-file-system",
    message: "the tar archive ends before the end of the content at byte 1536",
  });
});

test("data after the mark of the end is a file, which hides no file of the archive", async () => {
  const second = Buffer.concat([entry("hidden", { content: "secret" }), end]);
  const system = await openBytes(Buffer.concat([entry("a"), entry("rest-at-2048"), end, second]));
  const [, own, rest] = await Array.fromAsync(system.list(system.root));
  if (!own || !rest) throw new Error("an entry is missing");
  expect([own.name.toString(), own.size, rest.name.toString()]).toEqual([
    ...["rest-at-2048", 0],
    "rest-at-2048-too",
  ]);
  expect(await readWhole(await system.open(rest))).toEqual(second);
  expect(system.notes).toEqual(["Other data follows the archive. It is shown as the file rest-at-2048-too."]);
});

test("other files are not tar archives", async () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(10_240),
    readFileSync(process.execPath).subarray(0, 4096),
  ])
    expect(await openTar(sourceOfBytes(bytes))).toBeUndefined();
});

test("an archive of more folders than memory is taken for is shown up to there", async () => {
  const path = "x/".repeat(400_000);
  const record = ` path=${path}\n`;
  const length = record.length + 6;
  const bytes = Buffer.concat([entry("pax", { type: "x", content: `${length}${record}` }), entry("a"), end]);
  await expect(openTar(sourceOfBytes(bytes))).resolves.toMatchObject({
    notes: [expect.stringContaining("more than 320,000 files and folders")],
  });
});

test("damage leads to other entries or to an error in words, and never takes long", async () => {
  const folder = makeTestFolder();
  const tree = join(folder, "tree");
  await makeTestTree(tree);
  const archive = join(folder, "tree.tar");
  await execa("tar", ["-cf", archive, "--format=pax", "--sparse", "-C", tree, "."]);
  await expectDamageInWords(readFileSync(archive), openTar);
});
