import { compress } from "../../../core/image/compression/compression.ts";
import {
  inPieces,
  mebibyte,
  paxEntry,
  rawEntry,
  readAll,
  sampleBytes,
  zeroBomb,
} from "../../../core/image/test-fixtures.ts";
import { disk, entry, flipped, goodZstd, layer, lz4, machine, sized, sparse, withDisk } from "./parts.ts";

const folder = rawEntry({ name: "./", type: "5" });

const extended = async (...records: [string, string][]) => await lz4(machine, layer, paxEntry(records), disk);

async function oldWithWrongChecksum(): Promise<Buffer> {
  const old = Buffer.from(machine);
  // In the place of the magic, tar's format before POSIX has nothing.
  old.fill(0, 257, 265);
  return await lz4(old, layer, disk);
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

/** Archives that are not tar archives as image archives are, by their fault. */
export const badTars: Readonly<Record<string, Buffer>> = {
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
};
