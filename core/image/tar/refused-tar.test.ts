import { expect, test } from "vitest";
import { mebibyte, paxEntry, rawEntry, rawTar, readEntries } from "../test-fixtures.ts";

/** An entry in GNU tar's old sparse format with this map, and as much data as its header says. */
function sparseEntry(size: number, dataSize: number, map: readonly (readonly [number, number])[]): Buffer {
  const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`;
  return rawEntry({
    name: "disk.img",
    type: "S",
    content: Buffer.alloc(dataSize),
    change: (header) => {
      header.fill(0, 345);
      header.write("ustar  \0", 257);
      header.write(map.map(([start, length]) => octal(start) + octal(length)).join(""), 386);
      header.write(octal(size), 483);
    },
  });
}

const file = rawEntry({ name: "disk.img", content: "abc" });
const pax00 = [
  ["GNU.sparse.size", "4096"],
  ["GNU.sparse.numblocks", "1"],
] as const;
const pax10 = [
  ["GNU.sparse.major", "1"],
  ["GNU.sparse.minor", "0"],
  ["GNU.sparse.name", "disk.img"],
  ["GNU.sparse.realsize", "4096"],
] as const;

test.each([
  ["a file that is no tar archive", Buffer.alloc(2048, "x"), "it is not a tar archive, or a damaged one"],
  ["an empty file", Buffer.alloc(0), "it ends in the middle of the tar archive"],
  ["no end", file, "it ends in the middle of the tar archive"],
  [
    "half an end",
    Buffer.concat([file, Buffer.alloc(512)]),
    "it ends in the middle of the end of the tar archive",
  ],
  [
    "something after the end",
    Buffer.concat([rawTar(file), file]),
    "there is data after the end of the tar archive",
  ],
  [
    "more zeros after the end than any tar program writes",
    Buffer.concat([rawTar(file), Buffer.alloc(16 * mebibyte)]),
    "over 16 MiB of zeros follow the end of the tar archive",
  ],
  ["a file that is cut short", file.subarray(0, 514), 'it ends in the middle of "disk.img"'],
  [
    "a changed header",
    rawTar(Buffer.from(file).fill("x", 4, 5)),
    '"diskximg": its header\'s checksum is wrong',
  ],
  [
    "a negative size",
    rawTar(rawEntry({ name: "a", change: (header) => header.fill(0xff, 124, 136) })),
    '"a": its header has a malformed number',
  ],
  [
    "a size that is no number",
    rawTar(rawEntry({ name: "a", change: (header) => header.write("9", 124) })),
    '"a": its header has a malformed number',
  ],
  [
    "an absurd size",
    rawTar(rawEntry({ name: "a", change: (header) => header.fill(0x80, 124, 136) })),
    '"a": its header has a malformed number',
  ],
  [
    "a symbolic link",
    rawTar(rawEntry({ name: "a", type: "2", linkName: "/etc/passwd" })),
    '"a": it is a symbolic link, not a plain file',
  ],
  [
    "a hard link",
    rawTar(rawEntry({ name: "a", type: "1", linkName: "b" })),
    '"a": it is a hard link, not a plain file',
  ],
  ["a device", rawTar(rawEntry({ name: "a", type: "4" })), '"a": it is a block device, not a plain file'],
  ["a pipe", rawTar(rawEntry({ name: "a", type: "6" })), '"a": it is a named pipe, not a plain file'],
  [
    "an unknown type",
    rawTar(rawEntry({ name: "a", type: "\x01" })),
    '"a": it is of the unknown type "\\u0001", not a plain file',
  ],
  [
    "a folder with data",
    rawTar(rawEntry({ name: "./", type: "5", content: "abc" })),
    '"./": a folder with data',
  ],
  [
    "a PAX header for all entries",
    rawTar(rawEntry({ name: "a", type: "g" })),
    '"a": it is a global PAX header, not a plain file',
  ],
  [
    "a PAX header too large to be kept",
    rawTar(rawEntry({ name: "a", type: "x", size: 2 ** 25 })),
    "a PAX header has 33554432 bytes, over 4194304",
  ],
  [
    "a PAX record without a length",
    rawTar(rawEntry({ name: "a", type: "x", content: "path=b\n" }), file),
    "a PAX header has a malformed record",
  ],
  [
    "a PAX record longer than its header",
    rawTar(rawEntry({ name: "a", type: "x", content: "99 path=b\n" }), file),
    "a PAX header has a malformed record",
  ],
  [
    "two PAX headers for one entry",
    rawTar(paxEntry([]), paxEntry([]), file),
    "a PAX header follows another one",
  ],
  ["a PAX header without an entry", rawTar(file, paxEntry([])), "a PAX header has no entry after it"],
  [
    "extents that overlap",
    rawTar(
      sparseEntry(8192, 1024, [
        [0, 512],
        [256, 512],
      ]),
    ),
    '"disk.img": its sparse map has extents that overlap or descend',
  ],
  [
    "extents that descend",
    rawTar(
      sparseEntry(8192, 1024, [
        [4096, 512],
        [0, 512],
      ]),
    ),
    '"disk.img": its sparse map has extents that overlap or descend',
  ],
  [
    "an extent past the end",
    rawTar(sparseEntry(4096, 512, [[4096, 512]])),
    '"disk.img": its sparse map has an extent past the end of the file',
  ],
  [
    "an extent of half a block before another",
    rawTar(
      sparseEntry(8192, 612, [
        [0, 100],
        [4096, 512],
      ]),
    ),
    '"disk.img": its sparse map has an extent with a part of a block',
  ],
  [
    "a map that ends before the file",
    rawTar(sparseEntry(8192, 512, [[0, 512]])),
    '"disk.img": its sparse map has an end that is not the file\'s',
  ],
  [
    "less data than the map says",
    rawTar(
      sparseEntry(4608, 512, [
        [0, 512],
        [4096, 512],
      ]),
    ),
    '"disk.img": its sparse map does not fit its size',
  ],
  [
    "a PAX 0.0 map out of turn",
    rawTar(paxEntry([...pax00, ["GNU.sparse.numbytes", "1"]]), file),
    "a PAX header has GNU.sparse.numbytes out of turn",
  ],
  [
    "a PAX 0.0 map with half an extent",
    rawTar(paxEntry([...pax00, ["GNU.sparse.offset", "1"]]), file),
    '"disk.img": its sparse map or PAX header has a malformed number',
  ],
  [
    "a PAX 0.1 map with words",
    rawTar(paxEntry([...pax00, ["GNU.sparse.map", "a,b"]]), file),
    '"disk.img": its sparse map or PAX header has a malformed number',
  ],
  [
    "two PAX maps",
    rawTar(paxEntry([...pax00, ["GNU.sparse.offset", "0"], ["GNU.sparse.map", "0,3"]]), file),
    "a PAX header has two sparse maps",
  ],
  [
    "a PAX 1.0 map with words",
    rawTar(paxEntry(pax10), rawEntry({ name: "a", content: Buffer.from("one\n".padEnd(512)) })),
    '"disk.img": its sparse map or PAX header has a malformed number',
  ],
  [
    "a PAX 1.0 map without an end",
    rawTar(paxEntry(pax10), rawEntry({ name: "a", content: Buffer.alloc(2048, "1") })),
    '"disk.img": its sparse map or PAX header has a malformed number',
  ],
  [
    "a sparse version that nobody knows",
    rawTar(
      paxEntry([
        ["GNU.sparse.major", "2"],
        ["GNU.sparse.minor", "0"],
      ]),
      file,
    ),
    '"disk.img": its sparse format 2.0 is not known',
  ],
] as const)("%s is refused", async (_title, tar, message) => {
  await expect(readEntries(tar)).rejects.toMatchObject({ code: "invalid-archive", message });
});

test("a sparse map without an end is refused before it fills the memory", async () => {
  // Every extension block says that one more follows, and has pairs of a start and an empty extent.
  const pairs = Buffer.alloc(512);
  pairs.write("00000000000\0".repeat(42));
  pairs[504] = 1;
  const first = sparseEntry(4096, 0, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  first[482] = 1;
  const tar = Buffer.concat([first, ...Array.from({ length: 2 ** 20 / 21 + 1 }, () => pairs)]);
  tar.write("        ", 148);
  tar.write(
    `${tar
      .subarray(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  await expect(readEntries(tar)).rejects.toThrow("its sparse map has more than 1048576 extents");
});
