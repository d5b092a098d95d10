import { compress } from "../../../core/image/compression/compression.ts";
import { inPieces, rawTar, readAll } from "../../../core/image/test-fixtures.ts";
import { disk, flipped, goodZstd, layer, lz4, machine } from "./parts.ts";

const good = await lz4(machine, layer, disk);

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

/** Files that are not compressed as an archive is, by their fault. */
export const badFiles: Readonly<Record<string, Buffer>> = {
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
  "one byte": Buffer.from("x"),
  "a page that says 404": Buffer.from("<!DOCTYPE html><html>404 Not Found</html>"),
  "a zip file": Buffer.from("504b0304140000000000", "hex"),
  "an xz file": Buffer.from("fd377a585a000004", "hex"),
  "an archive in an archive": await readAll(compress(inPieces(goodZstd), "zstd")),
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
};
