import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { compress } from "../../image/compression/compression.ts";
import { inPieces, rawEntry, readAll } from "../../image/test-fixtures.ts";
import { cacheEntriesFolder, findPaths } from "../../storage/paths.ts";
import type { Contents, Place } from "./contents.ts";
import { openContents, type UnpackQuestion } from "./open-contents.ts";
import { makeDisk, makeImage, writeTree } from "./test-disk.ts";
import { walk } from "./walk.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-contents-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function open(home: string, path: string): Promise<Contents> {
  const contents = await openContents(findPaths({ TINSMITH_HOME: home }), path, {
    readsAll: false,
    onNote: () => {},
  });
  onTestFinished(() => contents[Symbol.asyncDispose]());
  return contents;
}

async function pathsIn(contents: Contents, from: Place = contents.top): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of walk(contents, from, { levels: true })) paths.push(path);
  return paths;
}

async function textOf(contents: Contents, path: string): Promise<string> {
  const source = await contents.open(await contents.find(path));
  return (await source.read(0, source.size)).toString();
}

/** The path of an archive of files, made by a command in their folder. */
function pack(folder: string, name: string, command: string): string {
  writeTree(join(folder, "packed"), { a: { b: "content" } });
  const path = join(folder, name);
  execFileSync("sh", ["-ec", command, "sh", path], { cwd: join(folder, "packed") });
  return path;
}

test("an image is one tree, from its archive to the files in archives on its disk", async () => {
  const folder = newFolder();
  const tgz = pack(folder, "my.tgz", 'tar -czf "$1" a');
  const tar = execFileSync("cat", [tgz]);
  const contents = await open(
    folder,
    await makeImage(folder, "test", { etc: { motd: "hello" }, "my.tgz": tar }),
  );
  expect((await pathsIn(contents)).filter((path) => !path.includes("lost+found"))).toEqual([
    "/disk.img",
    "/disk.img/partition1",
    "/disk.img/partition1/etc",
    "/disk.img/partition1/etc/motd",
    "/disk.img/partition1/my.tgz",
    "/disk.img/partition1/my.tgz/a",
    "/disk.img/partition1/my.tgz/a/b",
    "/machine.json",
  ]);
  expect(await textOf(contents, "/disk.img/partition1/etc/motd")).toBe("hello");
  // In the only file system of the image.
  expect(await textOf(contents, "/my.tgz/a/b")).toBe("content");
});

test("an image is unpacked into the cache only if all of it will be read, and is read there from then on", async () => {
  const folder = newFolder();
  const paths = findPaths({ TINSMITH_HOME: folder });
  // Tinsmith keeps the digests of large archives only, and of those that have not changed just now.
  const archive = await makeImage(folder, "test", { etc: { motd: "hello" }, large: randomBytes(2 ** 19) });
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 10_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const images = cacheEntriesFolder(paths, "image");
  const onNote = vi.fn();
  const look = async (readsAll: boolean) => {
    await using contents = await openContents(paths, archive, { readsAll, onNote });
    expect(await textOf(contents, "/etc/motd")).toBe("hello");
  };
  await look(false);
  expect(existsSync(images)).toBe(false);
  await look(true);
  expect(onNote).not.toHaveBeenCalled();
  rmSync(join(images, ...readdirSync(images), "image", "disk.img"));
  await look(false);
  expect(onNote).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("was changed or damaged"));
});

test("a path that begins at the top is looked for there alone, and the error tells how far it leads", async () => {
  const folder = newFolder();
  const contents = await open(folder, await makeImage(folder, "test", { etc: { motd: "hello" } }));
  await expect(contents.find("/disk.img/partition1/gone")).rejects.toThrow(
    'has no "gone" in /disk.img/partition1',
  );
  expect((await contents.findRoot()).path).toBe("/disk.img/partition1");
});

test("an image with more than 1 GiB of data is unpacked only if that is confirmed", async () => {
  const folder = newFolder();
  const archive = join(folder, "large.tar.lz4");
  const bytes = 2 * 1024 ** 3;
  // The question comes before the data, which is not there.
  const entries = [rawEntry({ name: "machine.json" }), rawEntry({ name: "disk.img", size: bytes })];
  writeFileSync(archive, await readAll(compress(inPieces(Buffer.concat(entries)), "lz4")));
  const asked: UnpackQuestion[] = [];
  const openIf = (isConfirmed: boolean) =>
    openContents(findPaths({ TINSMITH_HOME: folder }), archive, {
      readsAll: true,
      onNote: () => {},
      mayUnpack: (question) => {
        asked.push(question);
        return isConfirmed;
      },
    });
  await expect(openIf(false)).rejects.toMatchObject({
    code: "not-confirmed",
    message: expect.stringContaining("has 2.1 GB of data"),
    advice: expect.stringContaining("--yes"),
  });
  await expect(openIf(true)).rejects.toMatchObject({ code: "invalid-archive" });
  expect(asked).toEqual([1, 2].map(() => ({ archive, bytes })));
});

test("an image with less data is unpacked without a question", async () => {
  const folder = newFolder();
  const archive = await makeImage(folder, "test", {});
  const mayUnpack = vi.fn();
  const options = { readsAll: true, onNote: () => {}, mayUnpack };
  await (await openContents(findPaths({ TINSMITH_HOME: folder }), archive, options))[Symbol.asyncDispose]();
  expect(mayUnpack).not.toHaveBeenCalled();
});

test.each([
  ["/disk.imgg/partition1", 'has no "disk.imgg" in /', "Did you mean disk.img?"],
  ["/disk.imgs/motdd", 'has no "motdd" in /disk.img/partition1/disk.imgs', "Did you mean motd?"],
  ["/etcc", 'has no "etcc" in /disk.img/partition1', "Did you mean etc?"],
])("the error for %s is about the tree that the path most likely is in", async (path, message, advice) => {
  const folder = newFolder();
  const files = { etc: {}, "disk.imgs": { motd: "" } };
  const image = await makeImage(folder, "test", files);
  const contents = await open(folder, image);
  await expect(contents.find(path)).rejects.toMatchObject({ message: `${image} ${message}`, advice });
});

test("a partition without a file system that can be read is not a folder", async () => {
  const folder = newFolder();
  const disk = makeDisk(folder, {});
  // The superblock of its ext4.
  execFileSync("dd", ["if=/dev/zero", `of=${disk}`, "bs=1M", "seek=1", "count=1", "conv=notrunc"], {
    stdio: "pipe",
  });
  const contents = await open(folder, disk);
  const partition = await contents.find("/partition1");
  await expect(Array.fromAsync(contents.list(partition))).rejects.toMatchObject({
    code: "usage",
    message: `/partition1 in ${disk} holds no file system that Tinsmith can read`,
  });
});

test("a disk alone begins with its partitions", async () => {
  const folder = newFolder();
  const contents = await open(folder, makeDisk(folder, { file: "" }));
  expect(await pathsIn(contents)).toEqual(["/partition1", "/partition1/file", "/partition1/lost+found"]);
});

test.each([
  ["my.tgz", 'tar -czf "$1" a'],
  ["my.tcz", 'mksquashfs . "$1" -quiet -no-progress'],
  ["core.gz", 'find a | cpio --quiet -o -H newc | gzip > "$1"'],
  ["my.iso", 'xorriso -as mkisofs -quiet -R -o "$1" . 2>/dev/null'],
  ["my.tar.xz", 'tar -cJf "$1" a'],
])("%s is a folder of files", async (name, command) => {
  const folder = newFolder();
  const contents = await open(folder, pack(folder, name, command));
  expect(await pathsIn(contents)).toEqual(["/a", "/a/b"]);
  expect(await textOf(contents, "/a/b")).toBe("content");
});

test.each([
  ["two.tar", 'tar -cf one a; cat one one > "$1"', "/rest-at-10240"],
  ["two.tgz", 'tar -czf one a; cat one one > "$1"', "/rest-at-10240"],
  ["padded.tgz", 'tar -czf one a; truncate -s 512 one; cat one one > "$1"', "/rest-at-10240"],
  ["core.gz", 'tar -czf one a; truncate -s 512 one; (cat one; tar -cf - a) > "$1"', "/rest-at-512"],
])("data that follows in %s is in its tree", async (name, command, path) => {
  const folder = newFolder();
  const contents = await open(folder, pack(folder, name, command));
  expect(await pathsIn(contents)).toEqual(expect.arrayContaining(["/a/b", path]));
  expect(await textOf(contents, `${path}/a/b`)).toBe("content");
});

test.each([["compat=0.10"], ["compat=1.1,cluster_size=4k"]])(
  "a qcow2 (%s) has the tree of its disk",
  async (options) => {
    const folder = newFolder();
    const disk = makeDisk(folder, { etc: { motd: "hello" } });
    const path = join(folder, "disk.qcow2");
    execFileSync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", "-o", options, disk, path]);
    const contents = await open(folder, path);
    expect(await textOf(contents, "/partition1/etc/motd")).toBe("hello");
    expect(contents.top.system.size).toBe(32 * 1024 ** 2);
  },
);

const importAdvice = (path: string) => `Make an image of it first: tinsmith import ${path} NAME.tar.lz4`;
const flatten =
  "Make a disk without other files of it: qemu-img convert -O qcow2 DISK NEW, on a host where you trust it.";

test.each([
  [
    "vmdk",
    ["create", "-f", "vmdk", "PATH", "1M"],
    "is a disk in the format VMDK, which Tinsmith reads only in an import",
    importAdvice,
  ],
  [
    "vdi",
    ["create", "-f", "vdi", "PATH", "1M"],
    "is a disk in the format VDI, which Tinsmith reads only in an import",
    importAdvice,
  ],
  [
    "qcow2",
    ["convert", "-c", "-f", "raw", "-O", "qcow2", "DISK", "PATH"],
    "has compressed data, which Tinsmith reads only in an import",
    importAdvice,
  ],
  [
    "qcow2",
    ["create", "-u", "-f", "qcow2", "-b", "/etc/hostname", "-F", "raw", "PATH", "1M"],
    'can\'t be read: it is a layer on another disk, "/etc/hostname"',
    () => flatten,
  ],
])("a %s made by qemu-img %j is refused with its reason", async (ending, args, reason, advice) => {
  const folder = newFolder();
  const path = join(folder, `disk.${ending}`);
  const places: Record<string, string> = { PATH: path, DISK: makeDisk(folder, { file: "text" }) };
  execFileSync(
    "qemu-img",
    args.map((arg) => places[arg] ?? arg),
    { stdio: "pipe" },
  );
  await expect(open(folder, path)).rejects.toMatchObject({
    code: "usage",
    message: `${path} ${reason}`,
    advice: advice(path),
  });
});

test("a partition that is an ISO has that type, whatever its table says", async () => {
  const folder = newFolder();
  const disk = makeDisk(folder, {});
  const iso = pack(folder, "my.iso", 'xorriso -as mkisofs -quiet -R -o "$1" . 2>/dev/null');
  execFileSync("dd", [`if=${iso}`, `of=${disk}`, "bs=1M", "seek=1", "conv=notrunc"], { stdio: "pipe" });
  execFileSync("/sbin/sfdisk", ["--quiet", "--part-type", disk, "1", "17"], { stdio: "pipe" });
  const { top } = await open(folder, disk);
  expect(top.system.parts?.find(({ name }) => name === "partition1")?.type).toBe("ISO 9660");
});

test("a squashfs in a compression that can't be read is not told to be damaged", async () => {
  const folder = newFolder();
  const path = pack(folder, "my.tcz", 'mksquashfs . "$1" -quiet -no-progress');
  const bytes = readFileSync(path);
  bytes.writeUInt16LE(3, 20);
  writeFileSync(path, bytes);
  await expect(open(folder, path)).rejects.toMatchObject({
    message: "the squashfs file system is compressed with LZO, which Tinsmith can't read",
    advice: "Unpack it with a program that reads it, such as unsquashfs.",
  });
});

test("a damaged qcow2 is told to be one", async () => {
  const folder = newFolder();
  const path = join(folder, "disk.qcow2");
  writeFileSync(path, Buffer.concat([Buffer.from("514649fb00000009", "hex"), Buffer.alloc(512)]));
  await expect(open(folder, path)).rejects.toThrow(`${path} can't be read: its version 9 is not known`);
});

test("a file that holds no files is refused", async () => {
  const folder = newFolder();
  const path = join(folder, "text");
  writeFileSync(path, "text");
  await expect(open(folder, path)).rejects.toMatchObject({
    code: "usage",
    message: `${path} holds no files that Tinsmith can read: it is not an image, a disk, a file system or an archive`,
  });
});
