import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { compareLists } from "../../../shared/contents/compare-lists.ts";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { findPaths } from "../../storage/paths.ts";
import { listAllFiles } from "../list-files.ts";
import { readAll } from "../read-all.ts";
import { openContents } from "../tree/open-contents.ts";
import { writeTree } from "../tree/test-disk.ts";
import { changeImage, type Put } from "./change-image.ts";

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...{ ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
      ...{ MTOOLSRC: "/dev/null", LC_ALL: "C.UTF-8" },
    },
  }).toString();

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true });
});

interface WorkplaceOptions {
  readonly type?: string;
  /** Of the ext file system, for all files; there are more by default. */
  readonly inodes?: number;
  /** Of debugfs, for the ext file system. */
  readonly commands?: readonly string[];
}

/** A place for tests, with an image whose partitions are an ext4 and a FAT file system. */
async function makeWorkplace({ type = "ext4", inodes = 2048, commands = [] }: WorkplaceOptions = {}) {
  const home = mkdtempSync(join(tmpdir(), "change-image-"));
  homes.push(home);
  const at = (name: string) => join(home, name);
  writeTree(at("tree"), { etc: { motd: "hello\n", issue: "issue" }, opt: { "a b": "spaces" } });
  writeTree(at("inner"), { opt: { tool: "old tool", other: "other" }, top: "top" });
  chmodSync(at("inner/opt/tool"), 0o750);
  const owner = ["--owner=tc:1001", "--group=staff:50", "-C", at("inner")];
  run("tar", "-czf", at("tree/mydata.tgz"), ...owner, "opt", "top");
  run("tar", "-cf", at("tree/mydata.tar"), ...owner, "./opt", "./top");
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
    const contents = await openContents(paths, path, { onNote: () => {} });
    onTestFinished(() => contents[Symbol.asyncDispose]());
    return contents;
  };
  return { at, archive, change, file, open, paths };
}

/** The images are never changed, so that tests share them. */
const usual = await makeWorkplace();
const withLinks = await makeWorkplace({
  commands: [
    ...["symlink link etc/motd", "ln etc/issue hard", "set_inode_field etc/issue links_count 2"],
    ...Array.from({ length: 16 }, (_, count) => `mkdir ${deepFolder(count + 1)}`),
  ],
});

function deepFolder(depth: number): string {
  return `/${"x".repeat(250)}`.repeat(depth);
}

async function textAt(contents: Awaited<ReturnType<typeof openContents>>, path: string) {
  const place = await contents.find(path);
  const pieces = await Array.fromAsync(readAll(await contents.open(place)));
  return { ...place.entry, text: Buffer.concat(pieces).toString() };
}

const [ext, fat] = ["/disk.img/partition1", "/disk.img/partition2"];

test.each(["ext2", "ext3", "ext4"])(
  "files are replaced and added in %s, and nothing else changes",
  async (type) => {
    const { archive, at, change, file, open } = await makeWorkplace({ type });
    const before = readFileSync(archive);
    const { origin } = await change(
      "new.tar.lz4",
      { file: file("motd", "another\n", 0o600), path: `${ext}/etc/motd` },
      { file: file("tool", "x".repeat(100_000), 0o755), path: `${ext}/opt/a new tool` },
      { file: file("in root", "root"), path: `${ext}/` },
    );
    expect(readFileSync(archive)).toEqual(before);
    expect(origin.changes.map(({ path, change, size }) => [path, change, size])).toEqual([
      [`${ext}/etc/motd`, "replaced", 8],
      [`${ext}/opt/a new tool`, "added", 100_000],
      [`${ext}/in root`, "added", 4],
    ]);
    const [old, contents] = [await open(archive), await open(at("new.tar.lz4"))];
    const motd = await textAt(contents, `${ext}/etc/motd`);
    expect(motd).toMatchObject({ text: "another\n", mode: 0o644, uid: process.getuid?.(), links: 1 });
    expect(await textAt(contents, `${ext}/opt/a new tool`)).toMatchObject({ mode: 0o755, size: 100_000 });
    const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
      ignored: ["modified"],
    });
    expect(changes.map(({ path }) => path)).toEqual([
      `${ext}/etc/motd`,
      `${ext}/in root`,
      `${ext}/opt/a new tool`,
    ]);
  },
);

test("files are replaced and added in FAT", async () => {
  const { at, change, file, open } = usual;
  await change(
    "fat.tar.lz4",
    { file: file("menu.new", "another"), path: `${fat}/boot/menu.lst` },
    { file: file("kernel", Buffer.alloc(1_000_000, 7)), path: `${fat}/boot/A long name, größer.bin` },
  );
  const contents = await open(at("fat.tar.lz4"));
  expect((await textAt(contents, `${fat}/boot/menu.lst`)).text).toBe("another");
  expect((await textAt(contents, `${fat}/boot/A long name, größer.bin`)).size).toBe(1_000_000);
});

test.each([
  ["in another case", "/boot/MENU.LST", "/boot/menu.lst"],
  ["in another case, with a long name", "/a LONG näme.TXT", "/A long näme.txt"],
  ["by its short name", "/ALONGN~1.TXT", "/A long näme.txt"],
])("a file in FAT that is named %s is replaced, and keeps its name", async (how, path, name) => {
  const { archive, at, change, file, open } = usual;
  const target = `${how}.tar.lz4`;
  const { origin } = await change(target, { file: file("another", "another"), path: `${fat}${path}` });
  expect(origin.changes).toMatchObject([{ path: `${fat}${name}`, change: "replaced" }]);
  const [old, contents] = [await open(archive), await open(at(target))];
  const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
    ignored: ["modified"],
  });
  expect(changes.map((change) => [change.path, change.change])).toEqual([[`${fat}${name}`, "changed"]]);
});

test("a file in FAT whose name differs by more than case is added", async () => {
  const { change, file } = usual;
  const path = `${fat}/A long name.txt`;
  const { origin } = await change("beside.tar.lz4", { file: file("another", "another"), path });
  expect(origin.changes).toMatchObject([{ path, change: "added" }]);
});

test.each(["mydata.tgz", "mydata.tar"])("files are replaced and added in %s", async (name) => {
  const { archive, at, change, file, open } = usual;
  const inner = `${ext}/${name}`;
  const long = "long".repeat(40);
  await change(
    `${name}.tar.lz4`,
    { file: file("tool", "a new tool, which is longer", 0o600), path: `${inner}/opt/tool` },
    { file: file("added", "added", 0o755), path: `${inner}/opt/${long}` },
    { file: file("beside", "beside"), path: `${inner}/` },
  );
  const [old, contents] = [await open(archive), await open(at(`${name}.tar.lz4`))];
  const owner = { uid: 1001, gid: 50 };
  expect(await textAt(contents, `${inner}/opt/tool`)).toMatchObject({
    ...{ ...owner, mode: 0o750, text: "a new tool, which is longer" },
  });
  expect(await textAt(contents, `${inner}/opt/${long}`)).toMatchObject({
    ...owner,
    mode: 0o755,
    text: "added",
  });
  const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
    ignored: ["modified"],
  });
  expect(changes.map(({ path }) => path)).toEqual([
    `${inner}/beside`,
    `${inner}/opt/${long}`,
    `${inner}/opt/tool`,
  ]);
  // GNU tar reads it, too.
  writeFileSync(
    at("read"),
    Buffer.concat(await Array.fromAsync(readAll(await contents.open(await contents.find(inner))))),
  );
  const listed = run("tar", "-tvf", at("read"));
  expect(listed).toContain("tc/staff");
  expect(listed).toContain(`opt/${long}`);
});

test("the same change gives the same bytes", async () => {
  const { at, change, file } = usual;
  const puts = [`${ext}/etc/motd`, `${ext}/new`, `${ext}/mydata.tgz/new`, `${fat}/new`].map((path) => ({
    file: file("content", "content"),
    path,
  }));
  await change("one.tar.lz4", ...puts);
  run("touch", "-d", "2001-01-01", at("content"));
  await change("two.tar.lz4", ...puts);
  expect(readFileSync(at("one.tar.lz4")).equals(readFileSync(at("two.tar.lz4")))).toBe(true);
});

/** Puts that are refused, with the sentence. */
const refused: readonly [string, string, string][] = [
  ["a place outside of file systems", "/machine.json", "is not in a file system of the image"],
  ["a folder that is not there", `${ext}/gone/file`, 'has no "gone" in'],
  ["a symbolic link", `${ext}/link`, "can't be replaced: it is a symbolic link to etc/motd"],
  ["a hard link", `${ext}/hard`, "has other names (hard links)"],
  ["a name with a quote", `${ext}/a"b`, "its path has a quote or a control character"],
  ["a path that is too long for debugfs", `${ext}${deepFolder(16)}/x`, "its path has more than 4000 bytes"],
  ["a name with a line break", `${ext}/a\\x0ab`, "its path has a quote or a control character"],
  [
    "a name that FAT can't have",
    `${fat}/a*b`,
    "has a character that can't be in a name of a FAT file system",
  ],
  ["a name that is too long for FAT", `${fat}/${"x".repeat(256)}`, "a name of more than 255 characters"],
  ["the name of a device of DOS", `${fat}/boot/Con`, "the name Con stands for a device in DOS"],
];

test.each(refused)("%s is refused, and nothing is left", async (_what, path, message) => {
  const { at, change, file } = withLinks;
  mkdirSync(at("home"), { recursive: true });
  const before = readdirSync(at("."));
  await expect(change("new.tar.lz4", { file: file("menu", "x"), path })).rejects.toThrow(message);
  expect(readdirSync(at("."))).toEqual(before);
});

test.each([
  ["a file system that is full", `${ext}/large`, "its file system has"],
  ["a FAT file system that is full", `${fat}/large`, "does not fit into its file system"],
])("%s is left as it is", async (_what, path, message) => {
  const { at, change, file } = usual;
  const large = file("large", Buffer.alloc(20 * 1024 ** 2, 1));
  await expect(change("new.tar.lz4", { file: large, path })).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringContaining(message),
  });
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test("a file that debugfs does not write, without saying so, is an error", async () => {
  // Without a free inode.
  const commands = Array.from({ length: 16 }, (_, count) => `symlink link${count} target`);
  const { at, change, file } = await makeWorkplace({ inodes: 24, commands });
  await expect(change("new.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toMatchObject({
    code: "command-failed",
    message: `${ext}/x was not written: its file system may be full`,
  });
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test.each([
  ["was not unmounted", "set_super_value state 0", "its file system was not unmounted"],
  ["has errors", "set_super_value state 3", "its file system has errors"],
  [
    "has a journal that was not replayed",
    "feature needs_recovery",
    "the journal of its file system was not replayed",
  ],
  ["is damaged", "set_inode_field etc/issue links_count 5", "has errors"],
])("a file system that %s is refused", async (_what, command, message) => {
  const { at, change, file } = await makeWorkplace({ commands: [command] });
  await expect(change("new.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toThrow(message);
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test("a file that appears meanwhile stays as it is", async () => {
  const { archive, at, file, paths } = usual;
  const target = at("appeared.tar.lz4");
  const changing = changeImage(paths, {
    ...{ archive, target, onNote: () => {} },
    puts: [{ file: file("x", "x"), path: `${fat}/x` }],
    pack: (options) => {
      writeFileSync(target, "somebody else's");
      return packArchive(options);
    },
  });
  await expect(changing).rejects.toMatchObject({ code: "file-exists" });
  expect(readFileSync(target, "utf8")).toBe("somebody else's");
});

test("an archive that is there is never replaced, nor is the image itself", async () => {
  const { archive, change, file } = usual;
  const before = readFileSync(archive);
  await expect(change("image.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toMatchObject({
    code: "file-exists",
  });
  expect(readFileSync(archive).equals(before)).toBe(true);
});
