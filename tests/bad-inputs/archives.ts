import { compress } from "../../core/image/compression.ts";
import {
  inPieces,
  layerBytes,
  mebibyte,
  paxEntry,
  rawEntry,
  rawTar,
  readAll,
  sampleBytes,
  zeroBomb,
} from "../../core/image/test-fixtures.ts";

const disk = rawEntry({ name: "disk.img", content: sampleBytes(mebibyte) });
const layerContent = await layerBytes(mebibyte);
const layer = rawEntry({ name: "layer.qcow2", content: layerContent });
const folder = rawEntry({ name: "./", type: "5" });
const machine = rawEntry({ name: "machine.json", content: '{"version": 1}' });

async function lz4(...entries: Buffer[]): Promise<Buffer> {
  return await readAll(compress(inPieces(rawTar(...entries)), "lz4"));
}

const good = await lz4(machine, layer, disk);
const goodZstd = await readAll(compress(inPieces(rawTar(machine, layer, disk)), "zstd"));

/** An archive whose layer is changed in one place. */
async function withLayer(change: (layer: Buffer) => unknown): Promise<Buffer> {
  const content = Buffer.from(layerContent);
  change(content);
  return await lz4(machine, rawEntry({ name: "layer.qcow2", content }), disk);
}

/** An archive whose disk has a header that is changed in one place, or another type. */
async function withDisk(change: (header: Buffer) => unknown, type = "0"): Promise<Buffer> {
  return await lz4(machine, layer, rawEntry({ name: "disk.img", type, content: "abc", change }));
}

async function withMachine(content: string | Buffer): Promise<Buffer> {
  return await lz4(rawEntry({ name: "machine.json", content }), layer, disk);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

function sized(size: bigint): (header: Buffer) => unknown {
  return (header) => {
    header.fill(0, 124, 136).writeUInt8(0x80, 124);
    header.writeBigUInt64BE(size, 128);
  };
}

/** A header in GNU tar's old sparse format with this map. */
function sparse(size: number, ...map: readonly number[]): (header: Buffer) => void {
  const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`;
  return (header) => {
    header.fill(0, 345).write("ustar  \0", 257);
    header.write(map.map(octal).join(""), 386);
    header.write(octal(size), 483);
  };
}

const backingName = Number(layerContent.readBigUInt64BE(8));
const extended = async (...records: [string, string][]) => await lz4(machine, layer, paxEntry(records), disk);
const entry = async (name: string, type = "0") =>
  await lz4(rawEntry({ name, type, linkName: "/etc/passwd" }));

/** What is put into image.tar.lz4, by what is wrong with it. */
export const badArchives: Readonly<Record<string, Buffer>> = {
  "an empty file": Buffer.alloc(0),
  "three bytes": good.subarray(0, 3),
  "a tar archive without compression": rawTar(machine, layer, disk),
  "a gzip file": Buffer.from("1f8b0800000000000003", "hex"),
  "a skippable frame alone": Buffer.from("502a4d1800000000", "hex"),
  "LZ4: the first half": good.subarray(0, good.length / 2),
  "LZ4: all but the last byte": good.subarray(0, -1),
  "LZ4: a changed byte": flipped(good, 1000),
  "LZ4: a changed descriptor": flipped(good, 6),
  "LZ4: a dictionary": Buffer.from("04224d18615000000000ab", "hex"),
  "LZ4: an unknown version": Buffer.from("04224d18a04000", "hex"),
  "LZ4: a block of 2 GiB": Buffer.concat([Buffer.from("04224d18604082ffffff7f", "hex"), Buffer.alloc(99)]),
  "LZ4: garbage after it": Buffer.concat([good, Buffer.from("garbage")]),
  "LZ4: zeros after it": Buffer.concat([good, Buffer.alloc(512)]),
  "LZ4: a Zstandard frame after it": Buffer.concat([good, goodZstd]),
  "LZ4: a skippable frame without end": Buffer.concat([good, Buffer.from("502a4d18ffffffff00", "hex")]),
  "Zstandard: the first half": goodZstd.subarray(0, goodZstd.length / 2),
  "Zstandard: all but the last byte": goodZstd.subarray(0, -1),
  "Zstandard: a changed checksum": flipped(goodZstd, goodZstd.length - 1),
  "Zstandard: garbage after it": Buffer.concat([goodZstd, Buffer.from("garbage")]),
  "Zstandard: a block that is too large": Buffer.from("28b52ffd2400ffffff", "hex"),
  "no tar archive": await readAll(compress(inPieces(Buffer.alloc(2048, "x")), "lz4")),
  "tar: an end that is missing": await readAll(
    compress(inPieces(Buffer.concat([machine, layer, disk])), "lz4"),
  ),
  "tar: zeros and no entry": await lz4(),
  "tar: something after its end": await lz4(machine, layer, disk, Buffer.alloc(1024), machine),
  "tar: a header's checksum": await lz4(flipped(machine, 3), layer, disk),
  "tar: a size below 0": await withDisk((header) => header.fill(0xff, 124, 136)),
  "tar: a size that is no number": await withDisk((header) => header.write("9", 124)),
  "tar: a size past whole numbers": await withDisk(sized(2n ** 63n)),
  "tar: less data than there is": await lz4(
    machine,
    layer,
    rawEntry({ name: "disk.img", content: sampleBytes(mebibyte), size: 512 }),
  ),
  "tar: 60 GiB of zeros after its end": Buffer.concat([goodZstd, zeroBomb(60 * 1024 ** 3)]),
  "tar: its folder again and again": await lz4(...Array.from({ length: 1000 }, () => folder), disk),
  "tar: more data than there is": await withDisk(sized(2n ** 30n)),
  "tar: extents that overlap": await withDisk(sparse(8192, 0, 512, 256, 512), "S"),
  "tar: extents that descend": await withDisk(sparse(8192, 4096, 512, 0, 512), "S"),
  "tar: an extent past the end": await withDisk(sparse(4096, 4096, 512), "S"),
  "tar: an extent with half a block": await withDisk(sparse(8192, 0, 100, 4096, 512), "S"),
  "tar: a map that ends before the file": await withDisk(sparse(8192, 0, 512), "S"),
  "tar: a map for more than the data": await withDisk(sparse(512, 0, 512), "S"),
  "tar: extended header without a length": await lz4(
    rawEntry({ name: "x", type: "x", content: "a=b\n" }),
    disk,
  ),
  "tar: extended header of 8 GiB": await lz4(rawEntry({ name: "x", type: "x", size: 2 ** 33 - 1 })),
  "tar: extended header at the end": await lz4(machine, layer, disk, paxEntry([])),
  "tar: sparse format 2.0": await extended(["GNU.sparse.major", "2"], ["GNU.sparse.minor", "0"]),
  "tar: a sparse map of words": await extended(["GNU.sparse.numblocks", "1"], ["GNU.sparse.map", "a,b"]),
  "tar: a path out of the folder, extended": await extended(["path", "../disk.img"]),
  "no disk": await lz4(machine, layer),
  "no layer": await lz4(machine, disk),
  "no definition": await lz4(layer, disk),
  "an entry twice": await lz4(machine, layer, disk, machine),
  "an entry twice, once with ./": await lz4(machine, layer, disk, rawEntry({ name: "./machine.json" })),
  "an unknown entry": await entry("notes.txt"),
  "an unknown entry with an escape sequence": await entry("\x1b[2J"),
  "an entry without a name": await entry(""),
  "an absolute path": await entry("/disk.img"),
  "a path out of the folder": await entry("../disk.img"),
  "a path below a folder": await entry("image/disk.img"),
  "a folder": await entry("disk.img", "5"),
  "a hard link": await entry("disk.img", "1"),
  "a symbolic link": await entry("disk.img", "2"),
  "a character device": await entry("disk.img", "3"),
  "a block device": await entry("disk.img", "4"),
  "a named pipe": await entry("disk.img", "6"),
  "an unknown type": await entry("disk.img", "Z"),
  "a long name": await entry("././@LongLink", "L"),
  "a disk of 50 GiB": await withDisk(sized(50n * 1024n ** 3n)),
  "a disk that makes 50 GiB with the layer": await withDisk(sized(50n * 1024n ** 3n - 512n)),
  "a sparse disk of 8 GiB without a layer for it": await withDisk(
    sparse(2 ** 33 - 1, 0, 3, 2 ** 33 - 1, 0),
    "S",
  ),
  "a sparse disk with 50 GiB of data": await withDisk(
    sparse(50 * 1024 ** 3 - 512, 0, 50 * 1024 ** 3 - 512),
    "S",
  ),
  "a layer of 50 GiB": await lz4(
    machine,
    rawEntry({ name: "layer.qcow2", content: "abc", change: sized(50n * 1024n ** 3n) }),
    disk,
  ),
  "a definition that claims 60 GiB": await lz4(
    rawEntry({ name: "machine.json", change: sized(60n * 1024n ** 3n) }),
    layer,
    disk,
  ),
  "a definition of 1 MiB, with 60 GiB of zeros in its place": Buffer.concat([
    await readAll(compress(inPieces(rawEntry({ name: "machine.json", size: mebibyte })), "zstd")),
    zeroBomb(60 * 1024 ** 3),
  ]),
  "a sparse definition that is 1 GiB long": await lz4(
    rawEntry({
      name: "machine.json",
      type: "S",
      content: "abc",
      change: sparse(1024 ** 3, 0, 3, 1024 ** 3, 0),
    }),
    layer,
    disk,
  ),
  "a definition over 1 MiB": await withMachine(" ".repeat(mebibyte + 1)),
  "a definition that is not UTF-8": await withMachine(
    Buffer.from('{"version": 1}', "utf16le").fill(0xff, 0, 1),
  ),
  "a definition with a byte order mark": await withMachine('\ufeff{"version": 1}'),
  "a definition that is empty": await withMachine(""),
  "a definition that is not valid": await withMachine('{"version": 1, "memory": "1G"}'),
  "a layer that is no qcow2 file": await withLayer((bytes) => bytes.fill(0)),
  "a layer of version 4": await withLayer((bytes) => bytes.writeUInt32BE(4, 4)),
  "a layer that is dirty": await withLayer((bytes) => bytes.writeUInt8(1, 79)),
  "a layer that is corrupt": await withLayer((bytes) => bytes.writeUInt8(2, 79)),
  "a layer with an external data file": await withLayer((bytes) => bytes.writeUInt8(4, 79)),
  "a layer with unknown features": await withLayer((bytes) => bytes.writeUInt8(0x80, 79)),
  "a layer with snapshots": await withLayer((bytes) => bytes.writeUInt32BE(1, 60)),
  "a layer that is encrypted": await withLayer((bytes) => bytes.writeUInt32BE(2, 32)),
  "a layer on another file": await withLayer((bytes) => bytes.write("disk.iso", backingName)),
  "a layer on a file of another format": await withLayer((bytes) =>
    bytes.write("vdi", bytes.indexOf("raw\0")),
  ),
  "a layer on no file": await withLayer((bytes) => bytes.fill(0, 8, 20)),
  "a layer for a larger disk": await withLayer((bytes) => bytes.writeUInt8(1, 28)),
  "a layer with an absurd size": await withLayer((bytes) => bytes.writeUInt8(0xff, 24)),
  "a layer that only qemu-img sees through": await withLayer((bytes) => bytes.writeUInt8(0xff, 36)),
};
