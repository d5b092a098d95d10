import { chmodSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLayer } from "../disk/disk-image.ts";
import { mebibyte, sampleDisk, shell, temporaryFolder, writeImage } from "../test-fixtures.ts";
import { packArchive } from "./pack-archive.ts";

/** The commands by which a guest writes to its disk, for qemu-io. */
const writes = [
  // Over data of the backing disk, in the middle of a cluster and at its end.
  "write -P 7 1100k 3k",
  "write -P 8 1983k 130k",
  // Into a hole, not on a border of anything.
  "write -P 9 5000001 513",
  "write -P 1 16776704 512",
  // Zeros over data, by writing them and by telling that the data is not needed.
  "write -P 0 1300k 64k",
  "write -z 1500k 100k",
  "discard 9M 64k",
  // Zeros where there are zeros.
  "write -P 0 12M 1M",
];

async function makeOverlay(folder: string, size: number = sampleDisk.size): Promise<string> {
  shell("mkdir base overlay", folder);
  await writeImage(join(folder, "base"));
  shell("cp base/machine.json overlay", folder);
  await createLayer(join(folder, "overlay/layer.qcow2"), size);
  return join(folder, "base/disk.img");
}

/** Performs writes on the overlay as QEMU does for a guest. */
function write(folder: string, ...commands: readonly string[]): void {
  const image = `driver=qcow2,file.filename=overlay/layer.qcow2,backing.driver=raw,backing.file.filename=base/disk.img,backing.read-only=on,discard=unmap`;
  const arguments_ = commands.map((command) => `-c '${command}'`).join(" ");
  shell(`qemu-io --image-opts ${image} ${arguments_}`, folder);
}

test("a disk whose changes are in a layer is packed to the same bytes as a raw disk with that content", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path);
  chmodSync(backing, 0o444);
  write(folder.path, ...writes);
  const packed = await packArchive({ folder: at("overlay"), backing, target: at("overlay.tar.lz4") });
  shell("mkdir raw; cp overlay/machine.json raw; mv overlay/layer.qcow2 base", folder.path);
  shell("qemu-img convert -f qcow2 -O raw base/layer.qcow2 raw/disk.img", folder.path);
  const fromRaw = await packArchive({ folder: at("raw"), target: at("raw.tar.lz4") });
  expect(packed.digest).toBe(fromRaw.digest);
  const disk = readFileSync(at("raw/disk.img"));
  expect(disk.subarray(1100 * 1024, 1103 * 1024).every((byte) => byte === 7)).toBe(true);
});

test("an empty layer makes no difference", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path);
  const packed = await packArchive({ folder: at("overlay"), backing, target: at("overlay.tar.lz4") });
  const fromRaw = await packArchive({ folder: at("base"), target: at("raw.tar.lz4") });
  expect(packed.digest).toBe(fromRaw.digest);
});

test("random writes are packed as those of a raw disk", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path);
  let state = 42;
  const random = (below: number) => {
    state = (state * 69_069 + 1) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
  const commands = Array.from({ length: 60 }, () => {
    const sector = random(sampleDisk.size / 512 - 400);
    const kind = ["write -P 3", "write -P 0", "write -z", "discard"][random(4)];
    return `${kind} ${sector * 512} ${(1 + random(400)) * 512}`;
  });
  write(folder.path, ...commands);
  const packed = await packArchive({ folder: at("overlay"), backing, target: at("overlay.tar.lz4") });
  shell("mkdir raw; cp overlay/machine.json raw; mv overlay/layer.qcow2 base", folder.path);
  shell("qemu-img convert -f qcow2 -O raw base/layer.qcow2 raw/disk.img", folder.path);
  const fromRaw = await packArchive({ folder: at("raw"), target: at("raw.tar.lz4") });
  expect(packed.digest).toBe(fromRaw.digest);
});

/** Bytes of a hostile layer's header, by their place. */
const hostile: readonly [string, (folder: string) => Promise<void>, string][] = [
  [
    "names another backing file",
    async (folder) => void shell("qemu-img rebase -u -f qcow2 -F raw -b /etc/passwd layer.qcow2", folder),
    "its backing file is",
  ],
  [
    "has an external data file",
    async (folder) => {
      await using layer = await open(join(folder, "layer.qcow2"), "r+");
      await layer.write(Buffer.from([4]), 0, 1, 79);
    },
    "it has an external data file",
  ],
  [
    "is smaller than the disk below it",
    async (folder) => void shell("qemu-img resize -q --shrink layer.qcow2 15M", folder),
    "its virtual size is",
  ],
  [
    "has compressed data",
    async (folder) => void shell("qemu-io -c 'write -c -P 5 0 64k' layer.qcow2", folder),
    "it has data that QEMU compresses",
  ],
  [
    "is something else",
    async (folder) => void shell("echo hello > layer.qcow2", folder),
    "it is not a qcow2 file",
  ],
];

test.each(hostile)("a layer that %s is refused, and no archive is made", async (_what, change, message) => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path);
  shell("ln ../base/disk.img .", at("overlay"));
  await change(at("overlay"));
  const packing = packArchive({ folder: at("overlay"), backing, target: at("a.tar.lz4") });
  await expect(packing).rejects.toMatchObject({
    code: "invalid-archive",
    message: expect.stringContaining(`layer.qcow2: ${message}`),
  });
  expect(shell("ls", folder.path).toString()).toBe("base\noverlay\n");
});

test("a disk that is larger than the one below its layer is packed whole, and ends in zeros", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path, 40 * mebibyte);
  write(folder.path, ...writes, "write -P 5 16776000 20k", "write -P 6 30M 3");
  const packed = await packArchive({ folder: at("overlay"), backing, target: at("overlay.tar.lz4") });
  shell("mkdir raw; cp overlay/machine.json raw; mv overlay/layer.qcow2 base", folder.path);
  shell("qemu-img convert -f qcow2 -O raw base/layer.qcow2 raw/disk.img", folder.path);
  const fromRaw = await packArchive({ folder: at("raw"), target: at("raw.tar.lz4") });
  expect(packed.digest).toBe(fromRaw.digest);
  expect(shell("stat -c %s raw/disk.img", folder.path).toString()).toBe(`${40 * mebibyte}\n`);
});

test("a disk of a megabyte more than a block's border is packed whole", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const backing = await makeOverlay(folder.path, 16 * mebibyte + 1536);
  shell("truncate -s 16778752 disk.img", at("base"));
  write(folder.path, "write -P 4 16777216 1536");
  const packed = await packArchive({ folder: at("overlay"), backing, target: at("overlay.tar.lz4") });
  shell("cp disk.img raw.img; qemu-io -f raw -c 'write -P 4 16777216 1536' disk.img", at("base"));
  const fromRaw = await packArchive({ folder: at("base"), target: at("raw.tar.lz4") });
  expect(packed.digest).toBe(fromRaw.digest);
});
