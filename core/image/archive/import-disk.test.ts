import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPaths } from "../../storage/paths.ts";
import { convertDisk } from "../disk/convert-disk.ts";
import { mebibyte, sampleDisk, writeSparseFile } from "../test-fixtures.ts";
import { exportDisk } from "./export-disk.ts";
import { extractArchive } from "./extract-archive.ts";
import { importDisk } from "./import-disk.ts";
import { type PackOptions, packArchive } from "./pack-archive.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-import-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function qemuImg(...args: string[]): void {
  execFileSync("qemu-img", args, { stdio: "pipe" });
}

/** A folder with a raw disk of 16 MiB. */
async function folderWithDisk(): Promise<{ readonly folder: string; readonly raw: string }> {
  const folder = newFolder();
  const raw = join(folder, "original.raw");
  await writeSparseFile(raw, sampleDisk.size, sampleDisk.data);
  return { folder, raw };
}

const onNote = () => {};

test.each([
  ["raw", []],
  ["qcow2", []],
  ["qcow2", ["-c"]],
  ["vmdk", []],
  ["vmdk", ["-o", "subformat=streamOptimized"]],
  ["vdi", []],
])("a disk in the format %s %j becomes an image with the same content", async (format, options) => {
  const { folder, raw } = await folderWithDisk();
  const disk = join(folder, `disk.${format}`);
  qemuImg("convert", "-f", "raw", "-O", format, ...options, raw, disk);
  const target = join(folder, "imported.tar.lz4");
  const { path } = await importDisk({ disk, target, pack: packArchive, onNote });
  expect(path).toBe(target);
  const unpacked = join(folder, "unpacked");
  await extractArchive({ archive: target, folder: unpacked, onNote });
  qemuImg("compare", "-f", "raw", "-F", "raw", raw, join(unpacked, "disk.img"));
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test.each([
  ["qcow2", "qcow2"],
  ["vmdk", "vmdk"],
  ["vdi", "vdi"],
  ["img", "raw"],
])("an image's disk is exported to a file that ends in .%s", async (ending, format) => {
  const { folder, raw } = await folderWithDisk();
  const archive = join(folder, "image.tar.lz4");
  await importDisk({ disk: raw, target: archive, pack: packArchive, onNote });
  const target = join(folder, `exported.${ending}`);
  const paths = findPaths({ TINSMITH_HOME: join(folder, "home") });
  await exportDisk(paths, { archive, target, onNote });
  qemuImg("compare", "-f", "raw", "-F", format, raw, target);
  await expect(exportDisk(paths, { archive, target, onNote })).rejects.toMatchObject({
    message: `${target} already exists`,
  });
});

test("a disk is exported to no other format", async () => {
  const target = join(newFolder(), "disk.vhd");
  const exported = exportDisk(findPaths(), { archive: "/none.tar.lz4", target, onNote });
  await expect(exported).rejects.toMatchObject({ message: `${target} does not end in the name of a format` });
});

/** Makes a file that is refused, at a path. */
type Refused = (disk: string, folder: string) => void;

function makeFolder(parent: string): string {
  const folder = join(parent, "files");
  mkdirSync(folder);
  writeFileSync(join(folder, "file"), "text");
  return folder;
}

const secret = "/etc/hostname";

/**
 * Makes a VMDK whose description is harmless where its header says it is. In the place where QEMU looks for it in any case, it names a
 * parent, whose content is a file of the host.
 *
 * @param description the sector that the header names
 */
function plantParent(disk: string, folder: string, { description }: { readonly description: number }): void {
  const parent = join(folder, "parent.vmdk");
  const text = (parentId: string, more: string) =>
    `# Disk DescriptorFile\nversion=1\nCID=deadbeef\nparentCID=${parentId}\n${more}`;
  writeFileSync(parent, text("ffffffff", `createType="monolithicFlat"\nRW 1 FLAT "${secret}" 0\n`));
  qemuImg("create", "-q", "-f", "vmdk", disk, "1M");
  const bytes = readFileSync(disk);
  bytes.writeBigUInt64LE(BigInt(description), 28);
  const planted = `createType="monolithicSparse"\nparentFileNameHint="${parent}"\n`;
  bytes.write(text("deadbeef", planted).padEnd(20 * 512, "\0"), 512);
  writeFileSync(disk, bytes);
}
const refusedDisks: readonly (readonly [reason: string, make: Refused])[] = [
  ["it is empty", (disk) => writeFileSync(disk, "")],
  [
    'it is a layer on another disk, "/etc/hostname"',
    (disk) => qemuImg("create", "-q", "-u", "-f", "qcow2", "-b", secret, "-F", "raw", disk, "1M"),
  ],
  [
    "it has its data in another file",
    (disk, folder) =>
      qemuImg(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        `data_file=${join(folder, "data")},data_file_raw=on`,
        disk,
        "1M",
      ),
  ],
  [
    "it is the description of a VMware disk, whose data is in other files",
    (disk) => qemuImg("create", "-q", "-f", "vmdk", "-o", "subformat=monolithicFlat", disk, "1M"),
  ],
  [
    "it is a layer on another disk",
    (disk, folder) => {
      const base = join(folder, "base.vmdk");
      qemuImg("create", "-q", "-f", "vmdk", base, "1M");
      qemuImg("create", "-q", "-f", "vmdk", "-b", base, "-F", "vmdk", disk);
    },
  ],
  ["its description is not in its header", (disk, folder) => plantParent(disk, folder, { description: 30 })],
  ["it is a layer on another disk", (disk, folder) => plantParent(disk, folder, { description: 1 })],
  ["it is a disk in the format VHDX", (disk) => qemuImg("create", "-q", "-f", "vhdx", disk, "1M")],
  [
    "it is not a disk: its 10 bytes are not whole sectors of 512",
    (disk) => writeFileSync(disk, "ten bytes\n"),
  ],
  [
    "it is a squashfs file system, such as an extension of TinyCore",
    (disk, folder) => execFileSync("mksquashfs", [makeFolder(folder), disk, "-quiet", "-no-progress"]),
  ],
  [
    "it is a tar archive",
    (disk, folder) => execFileSync("tar", ["-cf", disk, "-C", makeFolder(folder), "."]),
  ],
  [
    "it is compressed with gzip",
    (disk) => writeFileSync(disk, execFileSync("gzip", ["-c"], { input: "disk" })),
  ],
];

test.each(refusedDisks)("a disk is refused: %s", async (reason, make) => {
  const folder = newFolder();
  const disk = join(folder, "disk");
  make(disk, folder);
  const target = join(folder, "out.tar.lz4");
  await expect(importDisk({ disk, target, pack: packArchive, onNote })).rejects.toMatchObject({
    code: "usage",
    message: `${disk} can't be imported: ${reason}`,
  });
  expect(existsSync(target)).toBe(false);
});

test("QEMU opens no parent of a disk of somebody else, even if the check of its header had missed it", async () => {
  const folder = newFolder();
  const disk = join(folder, "disk.vmdk");
  plantParent(disk, folder, { description: 1 });
  const contentOf = async (isForeign: boolean) => {
    const raw = { path: join(folder, "disk.raw"), format: "raw" } as const;
    await convertDisk({ path: disk, format: "vmdk", isForeign }, raw);
    return readFileSync(raw.path, "latin1").replaceAll("\0", "");
  };
  expect(await contentOf(false)).toBe(readFileSync(secret, "latin1"));
  expect(await contentOf(true)).toBe("");
});

test.each(["raw", "qcow2"])(
  "an archive that is there already is not replaced by the import of a %s",
  async (format) => {
    const { folder, raw } = await folderWithDisk();
    const disk = join(folder, `disk.${format}`);
    qemuImg("convert", "-f", "raw", "-O", format, raw, disk);
    const target = join(folder, "out.tar.lz4");
    writeFileSync(target, "mine");
    await expect(importDisk({ disk, target, pack: packArchive, onNote })).rejects.toMatchObject({
      code: "file-exists",
      message: `${target} already exists`,
    });
    expect(readFileSync(target, "utf8")).toBe("mine");
  },
);

test("a file that appears while a disk is imported stays as it is", async () => {
  const { folder, raw } = await folderWithDisk();
  const target = join(folder, "imported.tar.lz4");
  const pack = (options: PackOptions) => {
    writeFileSync(target, "somebody else's");
    return packArchive(options);
  };
  await expect(importDisk({ disk: raw, target, pack, onNote })).rejects.toMatchObject({
    code: "file-exists",
    message: `${target} already exists`,
  });
  expect(readFileSync(target, "utf8")).toBe("somebody else's");
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test("a raw disk without a boot sector is imported, and a note tells that no BIOS can boot it", async () => {
  const { folder, raw } = await folderWithDisk();
  const notes: string[] = [];
  const options = { disk: raw, pack: packArchive, onNote: (note: string) => void notes.push(note) };
  await importDisk({ ...options, target: join(folder, "first.tar.lz4") });
  expect(notes).toEqual([`${raw} has no boot sector, so a BIOS can't boot it.`]);
  await using file = await open(raw, "r+");
  await file.write(Buffer.of(0x55, 0xaa), 0, 2, 510);
  await importDisk({ ...options, target: join(folder, "second.tar.lz4") });
  expect(notes).toHaveLength(1);
});

function makeIso(folder: string): string {
  const iso = join(folder, "cd.iso");
  execFileSync("xorriso", ["-as", "mkisofs", "-quiet", "-o", iso, makeFolder(folder)], { stdio: "pipe" });
  return iso;
}

test("an ISO is refused, and the advice says what it is for", async () => {
  const folder = newFolder();
  const disk = makeIso(folder);
  const imported = importDisk({ disk, target: join(folder, "out.tar.lz4"), pack: packArchive, onNote });
  await expect(imported).rejects.toMatchObject({
    code: "usage",
    message: `${disk} can't be imported: it is an ISO, the image of a CD`,
    advice: expect.stringContaining("tinsmith build from-new with --boot"),
  });
});

test("an ISO that boots from a disk, too, is imported with a note, and a disk that an ISO was written to without one", async () => {
  const folder = newFolder();
  const disk = makeIso(folder);
  await using file = await open(disk, "r+");
  await file.write(Buffer.of(0x55, 0xaa), 0, 2, 510);
  const notes: string[] = [];
  const options = { disk, pack: packArchive, onNote: (note: string) => void notes.push(note) };
  await importDisk({ ...options, target: join(folder, "first.tar.lz4") });
  expect(notes).toEqual([
    expect.stringContaining(`${disk} is an ISO, the image of a CD, that also boots from a disk.`),
  ]);
  await file.truncate(16 * mebibyte);
  await importDisk({ ...options, target: join(folder, "second.tar.lz4") });
  expect(notes).toHaveLength(1);
});

test("a disk that is larger than an image's may be is refused", async () => {
  const folder = newFolder();
  const disk = join(folder, "disk");
  writeFileSync(disk, "");
  truncateSync(disk, 51_200 * mebibyte);
  await expect(
    importDisk({ disk, target: join(folder, "out.tar.lz4"), pack: packArchive, onNote }),
  ).rejects.toMatchObject({
    code: "usage",
    message: `${disk} is a disk of 53.7 GB; an image has less than 53.7 GB`,
  });
});
