import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compress } from "../compression/compression.ts";
import {
  inPieces,
  layerBytes,
  mebibyte,
  rawEntry,
  rawTar,
  readAll,
  temporaryFolder,
  zeroBomb,
} from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";
import { disk, good, layer, lz4, machine } from "./test-archive.ts";

async function extract(file: Buffer): Promise<{ readonly refusal: unknown; readonly left: string[] }> {
  await using folder = await temporaryFolder();
  const archive = join(folder.path, "a.tar.lz4");
  await writeFile(archive, file);
  const refusal = await extractArchive({ archive, folder: join(folder.path, "out") }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { refusal, left: await readdir(folder.path) };
}

test("the archive that the others are changed from is taken", async () => {
  expect(await extract(good)).toEqual({ refusal: undefined, left: ["a.tar.lz4", "out"] });
});

const sized = (size: bigint) => (header: Buffer) => {
  header.fill(0, 124, 136);
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(size, 128);
};
const hugeSize = sized(50n * 1024n ** 3n);
const almostHugeSize = sized(50n * 1024n ** 3n - 512n);
const outerFolder = rawEntry({ name: "./", type: "5" });
const bomb = Buffer.concat([
  await readAll(compress(inPieces(rawTar(disk, layer, machine)), "zstd")),
  zeroBomb(60 * 1024 ** 3),
]);
const smallLayer = rawEntry({ name: "layer.qcow2", content: await layerBytes(mebibyte / 2) });
const brokenLayer = await layerBytes(mebibyte);
brokenLayer.writeUInt8(0xff, 36);

test.each([
  ["no disk", await lz4(layer, machine), "disk.img: it is missing"],
  ["no layer", await lz4(disk, machine), "layer.qcow2: it is missing"],
  ["no definition", await lz4(disk, layer), "machine.json: it is missing"],
  ["a definition twice", await lz4(disk, layer, machine, machine), "machine.json: it occurs twice"],
  [
    "a definition twice under two names",
    await lz4(disk, layer, machine, rawEntry({ name: "./machine.json", content: "{}" })),
    "machine.json: it occurs twice",
  ],
  [
    "something else",
    await lz4(disk, layer, machine, rawEntry({ name: "notes" })),
    '"notes": an image archive has no such entry',
  ],
  [
    "an entry with an escape sequence",
    await lz4(rawEntry({ name: "\x1b[2J" })),
    '"\\u001b[2J": an image archive has no such entry',
  ],
  ["an absolute path", await lz4(rawEntry({ name: "/disk.img" })), '"/disk.img": its path is absolute'],
  [
    "a path out of the folder",
    await lz4(rawEntry({ name: "../disk.img" })),
    '"../disk.img": its path leads out of the archive',
  ],
  ["a folder", await lz4(rawEntry({ name: "disk.img", type: "5" })), '"disk.img": it is a folder'],
  [
    "a link to a file",
    await lz4(rawEntry({ name: "disk.img", type: "2", linkName: "/etc/passwd" })),
    '"disk.img": it is a symbolic link, not a plain file',
  ],
  [
    "a disk of 50 GiB",
    await lz4(rawEntry({ name: "disk.img", change: hugeSize })),
    "disk.img: it has 53687091200 bytes: 50 GiB or more",
  ],
  [
    "entries of 50 GiB together",
    await lz4(layer, rawEntry({ name: "disk.img", change: almostHugeSize })),
    "disk.img: with it, the entries have 50 GiB or more in total",
  ],
  [
    "a disk that goes on after its end",
    await lz4(rawEntry({ name: "disk.img", content: "a".repeat(1024), size: 512 })),
    "it is not a tar archive, or a damaged one",
  ],
  ["60 GiB of zeros after its end", bomb, "over 16 MiB of zeros follow the end of the tar archive"],
  ["its folder twice", await lz4(outerFolder, outerFolder, disk), "./: it occurs twice"],
  [
    "a definition over 1 MiB",
    await lz4(rawEntry({ name: "machine.json", size: mebibyte + 1 })),
    "machine.json: it has over 1 MiB",
  ],
  [
    "a definition that is no text",
    await lz4(disk, layer, rawEntry({ name: "machine.json", content: Buffer.from([0xff]) })),
    "machine.json: it is not UTF-8 text",
  ],
  [
    "a definition that is not valid",
    await lz4(disk, layer, rawEntry({ name: "machine.json", content: '{"version": 2}' })),
    "machine.json is not a valid machine definition",
  ],
  [
    "a layer for another disk",
    await lz4(disk, smallLayer, machine),
    "layer.qcow2: its virtual size is 524288 bytes, not the disk's 1048576",
  ],
  [
    "a layer that is no qcow2",
    await lz4(disk, rawEntry({ name: "layer.qcow2", content: "abc" }), machine),
    "layer.qcow2: it is not a qcow2 file",
  ],
  [
    "a layer that only qemu-img sees through",
    await lz4(disk, rawEntry({ name: "layer.qcow2", content: brokenLayer }), machine),
    /layer.qcow2: qemu-img does not accept it as qcow2: /,
  ],
  ["an end in the middle", good.subarray(0, good.length / 2), "it ends in the middle of an LZ4 block"],
  [
    "a changed byte",
    Buffer.from(good).fill(good.readUInt8(1000) ^ 1, 1000, 1001),
    /an LZ4 frame is damaged: /,
  ],
  [
    "garbage after it",
    Buffer.concat([good, Buffer.from("garbage")]),
    "there is data after the end of the compressed data",
  ],
  ["no compression", rawTar(disk, layer, machine), "it is compressed neither with LZ4 nor with Zstandard"],
])("an archive with %s is refused, and nothing is left", async (_title, file, reason) => {
  const { refusal, left } = await extract(file);
  expect(refusal).toMatchObject({
    code: expect.stringMatching(/^invalid-(archive|machine)$/),
    message: expect.stringMatching(/\/a\.tar\.lz4 is refused: /),
  });
  expect(refusal).toHaveProperty(
    "message",
    typeof reason === "string" ? expect.stringContaining(reason) : expect.stringMatching(reason),
  );
  expect(left).toEqual(["a.tar.lz4"]);
});
