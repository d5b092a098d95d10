import { compress } from "../../core/image/compression/compression.ts";
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

/** An archive whose layer is changed in one place, or is what the change returns. */
async function withLayer(change: (layer: Buffer) => unknown): Promise<Buffer> {
  const content = Buffer.from(layerContent);
  const changed = change(content);
  return await lz4(
    machine,
    rawEntry({ name: "layer.qcow2", content: Buffer.isBuffer(changed) ? changed : content }),
    disk,
  );
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

async function oldWithWrongChecksum(): Promise<Buffer> {
  const old = Buffer.from(machine);
  // In the place of the magic, tar's format before POSIX has nothing.
  old.fill(0, 257, 265);
  return await lz4(old, layer, disk);
}

/** A frame with a block that can't be decompressed: it is compressed and has these bytes, in hexadecimal. */
function lz4Block(hex: string): Buffer {
  const block = Buffer.from(hex, "hex");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(block.length);
  return Buffer.concat([Buffer.from("04224d18604082", "hex"), size, block, Buffer.alloc(4)]);
}

function zstdFrame(hex: string): Buffer {
  return Buffer.from(`28b52ffd${hex}`, "hex");
}

/** An archive whose disk is named, or is, something else by a PAX header. */
const paxDisk = async (...records: [string, string][]) => await lz4(machine, layer, paxEntry(records), disk);

/** An archive whose disk has a map of format 1.0 before its data. */
const mapped = async (map: string, size = "1000") =>
  await lz4(
    machine,
    layer,
    paxEntry([
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.name", "disk.img"],
      ["GNU.sparse.realsize", size],
    ]),
    rawEntry({ name: "disk.img", content: map.padEnd(512, "\0") }),
  );

/** A layer whose backing file has this name. */
const onBacking = async (name: string) =>
  await withLayer((bytes) => {
    bytes.writeBigUInt64BE(4096n, 8);
    bytes.writeUInt32BE(bytes.write(name, 4096), 16);
  });

const levelOneTable = Number(layerContent.readBigUInt64BE(40));

/** The content of image.tar.lz4, by its fault. */
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
  "LZ4: its legacy format": Buffer.concat([Buffer.from("02214c18", "hex"), good.subarray(7)]),
  "LZ4: a million blocks of a byte": Buffer.concat([
    Buffer.from("04224d18604082", "hex"),
    Buffer.alloc(5 * 2 ** 20, Buffer.from("0100008000", "hex")),
  ]),
  "LZ4: a million empty frames": Buffer.alloc(11 * 2 ** 20, Buffer.from("04224d1860408200000000", "hex")),
  "a million skippable frames": Buffer.alloc(8 * 2 ** 20, Buffer.from("502a4d1800000000", "hex")),
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
  "Zstandard: a million empty blocks": Buffer.concat([
    Buffer.from("28b52ffd0038", "hex"),
    Buffer.alloc(3 * 2 ** 20),
  ]),
  "no tar archive": await readAll(compress(inPieces(Buffer.alloc(2048, "x")), "lz4")),
  "tar: an end that is missing": await readAll(
    compress(inPieces(Buffer.concat([machine, layer, disk])), "lz4"),
  ),
  "tar: zeros and no entry": await lz4(),
  "tar: something after its end": await lz4(machine, layer, disk, Buffer.alloc(1024), machine),
  "tar: a header's checksum": await lz4(flipped(machine, 3), layer, disk),
  "tar: a size below 0": await withDisk((header) => header.fill(0xff, 124, 136)),
  "tar: a size that is not a number": await withDisk((header) => header.write("9", 124)),
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
  "tar: a map that lacks the block that its header announces": await withDisk((header) => {
    sparse(8192, 0, 512, 8192, 0)(header);
    header.writeUInt8(1, 482);
  }, "S"),
  "tar: a map with an empty block": await withDisk((header) => {
    sparse(4096, 0, 512, 512, 512, 1024, 512, 1536, 512)(header);
    header.writeUInt8(1, 482);
    header.write("00000004000\0", 124);
  }, "S"),
  "tar: an old header with a wrong checksum": await oldWithWrongChecksum(),
  "an empty disk": await lz4(machine, layer, rawEntry({ name: "disk.img" })),
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
  "a layer that is not a qcow2 file": await withLayer((bytes) => bytes.fill(0)),
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
  "one byte": Buffer.from("x"),
  "a page that says 404": Buffer.from("<!DOCTYPE html><html>404 Not Found</html>"),
  "a zip file": Buffer.from("504b0304140000000000", "hex"),
  "an xz file": Buffer.from("fd377a585a000004", "hex"),
  "a layer alone": layerContent,
  "an archive in an archive": await readAll(compress(inPieces(goodZstd), "zstd")),
  "a tar archive in a tar archive": await lz4(rawEntry({ name: "image.tar", content: "tar" })),
  "LZ4: its magic number alone": Buffer.from("04224d18", "hex"),
  "LZ4: a content size of 2^63": Buffer.from("04224d18684000000000000000803b00000000", "hex"),
  "LZ4: a match before its beginning": lz4Block("1061ffff00"),
  "LZ4: a match at no distance": lz4Block("1f6100000000"),
  "LZ4: literals past its end": lz4Block("f0ff"),
  "LZ4: a frame that does not end, and another one": Buffer.concat([good.subarray(0, -8), good]),
  "Zstandard: its magic number alone": zstdFrame(""),
  "Zstandard: its format of 2016": Buffer.from("27b52ffd00000000000000", "hex"),
  "Zstandard: a dictionary": Buffer.from("37a430ec00000000000000", "hex"),
  "Zstandard: content that needs a dictionary": zstdFrame("013807010000"),
  "Zstandard: a reserved flag": zstdFrame("0838010000"),
  "Zstandard: a reserved kind of block": zstdFrame("0038070000"),
  "Zstandard: a window of 3.75 TiB": zstdFrame("00ff010000"),
  "Zstandard: a content size of 2^60": zstdFrame("e00000000000000010010000"),
  "Zstandard: a block of garbage": zstdFrame("0038250000ffffffff"),
  "Zstandard: a skippable frame of 4 GiB after it": Buffer.concat([
    goodZstd,
    Buffer.from("5f2a4d18ffffffff", "hex"),
  ]),
  "Zstandard: an LZ4 frame after it": Buffer.concat([goodZstd, good]),
  "tar: a header for all entries": await lz4(rawEntry({ name: "x", type: "g", content: "9 a=bcd\n" }), disk),
  "tar: two extended headers": await lz4(paxEntry([["a", "b"]]), paxEntry([["a", "b"]]), disk),
  "tar: an extended size of 50 GiB": await paxDisk(["size", `${50 * 1024 ** 3}`]),
  "tar: an extended size that is less": await paxDisk(["size", "3"]),
  "tar: an extended size that is not a number": await paxDisk(["size", "1e3"]),
  "tar: an extended size below 0": await paxDisk(["size", "-1"]),
  "tar: an empty extended path": await paxDisk(["path", ""]),
  "tar: an extended path of 4 MB": await paxDisk(["path", "a".repeat(4_000_000)]),
  "tar: an extended path with a zero byte": await paxDisk(["path", "disk.img\0x"]),
  "tar: an extended path called __proto__": await paxDisk(["path", "__proto__"]),
  "tar: an extended record that is longer than the header": await lz4(
    rawEntry({ name: "x", type: "x", content: "99 path=disk.img\n" }),
  ),
  "tar: an extended record without a line's end": await lz4(
    rawEntry({ name: "x", type: "x", content: "15 path=disk.imgX" }),
  ),
  "tar: an extended header of 3 MB of digits": await lz4(
    rawEntry({ name: "x", type: "x", content: "9".repeat(3_000_000) }),
  ),
  "tar: 600,000 extended records": await lz4(
    rawEntry({ name: "x", type: "x", content: "6 a=b\n".repeat(600_000) }),
    rawEntry({ name: "disk.img", type: "2" }),
  ),
  "tar: a sparse map of nothing": await paxDisk(["GNU.sparse.map", ""], ["GNU.sparse.size", "1024"]),
  "tar: a sparse map of half a pair": await paxDisk(
    ["GNU.sparse.map", "0,512,512"],
    ["GNU.sparse.size", "1024"],
  ),
  "tar: two sparse maps": await paxDisk(
    ["GNU.sparse.offset", "0"],
    ["GNU.sparse.numbytes", "1"],
    ["GNU.sparse.map", "0,1"],
  ),
  "tar: a sparse map in the wrong order": await paxDisk(["GNU.sparse.numbytes", "1"]),
  "tar: a sparse map of a million empty extents": await paxDisk(
    ["GNU.sparse.map", `${"0,0,".repeat(1_040_000)}0,0`],
    ["GNU.sparse.size", "0"],
  ),
  "tar: sparse format 1.0: more extents than any file has": await mapped("999999999999999\n"),
  "tar: sparse format 1.0: a line without end": await mapped("1".repeat(4096)),
  "tar: sparse format 1.0: no extents for a file of 1000 bytes": await mapped("0\n"),
  "tar: a contiguous file": await entry("disk.img", "7"),
  "tar: a part of a file": await entry("disk.img", "M"),
  "tar: a volume's label": await entry("volume", "V"),
  "tar: a type that is an escape character": await entry("disk.img", "\u001b"),
  "tar: a folder with data": await lz4(rawEntry({ name: "./", type: "5", content: "abc" })),
  "tar: a folder of 8 GiB": await lz4(rawEntry({ name: "./", type: "5", size: 2 ** 33 - 1 })),
  "tar: a file whose name ends in a slash": await entry("disk.img/"),
  "tar: the folder before a name": await withDisk((header) => header.write("image", 345)),
  "tar: a checksum of spaces": await lz4(Buffer.from(machine).fill(0x20, 148, 156), disk),
  "tar: one block of zeros between entries": await lz4(machine, layer, Buffer.alloc(512), disk),
  "tar: a size of spaces": await withDisk((header) => header.fill(0x20, 124, 136)),
  "a name in capitals": await entry("DISK.IMG"),
  "a name with a space after it": await entry("disk.img "),
  "a name with ./ twice": await entry("././disk.img"),
  "a name with a backslash": await entry("..\\disk.img"),
  "a name that is not UTF-8": await withDisk((header) => header.write("\xff\xfe", 0, "latin1")),
  "a layer of no bytes": await withLayer(() => Buffer.alloc(0)),
  "a layer of 71 bytes": await withLayer((bytes) => bytes.subarray(0, 71)),
  "a layer of version 3 with the header of version 2": await withLayer((bytes) => bytes.subarray(0, 100)),
  "a layer of version 1": await withLayer((bytes) => bytes.writeUInt32BE(1, 4)),
  "a layer with a header of 4 GiB": await withLayer((bytes) => bytes.writeUInt32BE(0xffff_fff8, 100)),
  "a layer with a header of 105 bytes": await withLayer((bytes) => bytes.writeUInt32BE(105, 100)),
  "a layer with an extension of 4 GiB": await withLayer((bytes) => bytes.writeUInt32BE(0xffff_ffff, 116)),
  "a layer for a disk of no bytes": await withLayer((bytes) => bytes.writeBigUInt64BE(0n, 24)),
  "a layer on a file that JSON names": await onBacking('json:{"file.filename":"/etc/passwd"}'),
  "a layer on a server": await onBacking("nbd://127.0.0.1/\u001b[2J"),
  "a layer on a name with a zero byte": await onBacking("disk.img\0/etc/passwd"),
  "a layer on a name of 50,000 characters": await onBacking("a".repeat(50_000)),
  "a layer on a name past its end": await withLayer((bytes) => bytes.writeBigUInt64BE(2n ** 40n, 8)),
  "a layer on a name of 4 GiB": await withLayer((bytes) => bytes.writeUInt32BE(0xffff_ffff, 16)),
  "a layer without clusters": await withLayer((bytes) => bytes.writeUInt32BE(0, 20)),
  "a layer of an unknown compression": await withLayer(
    (bytes) => bytes.writeUInt8(8, 79) && bytes.writeUInt8(7, 104),
  ),
  "a layer whose table is its header": await withLayer((bytes) => bytes.writeBigUInt64BE(0n, 40)),
  "a layer whose table refers to itself": await withLayer((bytes) =>
    bytes.writeBigUInt64BE(2n ** 63n + BigInt(levelOneTable), levelOneTable),
  ),
  "a layer whose table leads past its end": await withLayer((bytes) =>
    bytes.writeBigUInt64BE(2n ** 63n + 0x7f_ffff_0000n, levelOneTable),
  ),
  "a layer without counts of references": await withLayer((bytes) => bytes.writeBigUInt64BE(0n, 48)),
  "half a layer": await withLayer((bytes) => bytes.subarray(0, bytes.length / 2)),
  "a definition in UTF-16": await withMachine(Buffer.from('\ufeff{"version": 1}', "utf16le")),
  "a definition of zero bytes": await withMachine(Buffer.alloc(1000)),
  "a definition with half a surrogate pair in a key": await withMachine('{"version": 1, "\\ud800": 1}'),
};
