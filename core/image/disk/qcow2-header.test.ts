import { expect, test } from "vitest";
import { layerBytes, mebibyte, shell, temporaryFolder } from "../test-fixtures.ts";
import { checkLayer, readQcow2Header } from "./qcow2-header.ts";

const layer = await layerBytes(mebibyte);

test("the header of a layer that qemu-img made is read", () => {
  expect(readQcow2Header(layer)).toEqual({
    virtualSize: mebibyte,
    backingFile: "disk.img",
    backingFormat: "raw",
    hasExternalData: false,
    isEncrypted: false,
    isDirty: false,
    isCorrupt: false,
    snapshots: 0,
    unknownFeatures: [],
  });
  expect(() => checkLayer(layer, mebibyte)).not.toThrow();
});

/** A layer as qemu-img makes it with other options. */
async function otherLayer(options: string): Promise<Buffer> {
  await using folder = await temporaryFolder();
  return shell(`qemu-img create -q -u -f qcow2 ${options} a.qcow2 1M && cat a.qcow2`, folder.path);
}

test.each([
  { title: "an old version", options: "-o compat=0.10 -b disk.img -F raw" },
  { title: "Zstandard clusters", options: "-o compression_type=zstd -b disk.img -F raw" },
  { title: "extended L2 entries", options: "-o extended_l2=on -b disk.img -F raw" },
])("a layer with $title is taken", async ({ options }) => {
  const other = await otherLayer(options);
  expect(() => checkLayer(other, mebibyte)).not.toThrow();
});

test("a layer without a backing file is refused, and so is one whose backing format has to be guessed", async () => {
  const [alone, guessed] = await Promise.all([
    otherLayer(""),
    otherLayer("-o compat=0.10 -b disk.img -F raw"),
  ]);
  expect(() => checkLayer(alone, mebibyte)).toThrow("layer.qcow2: its backing file is missing, not disk.img");
  // The extension's type becomes one that nobody knows, which readers have to ignore.
  guessed.writeUInt32BE(0x12345678, 72);
  expect(() => checkLayer(guessed, mebibyte)).toThrow("layer.qcow2: its backing format is missing, not raw");
});

const nameAt = Number(layer.readBigUInt64BE(8));
const formatAt = layer.indexOf("raw\0");

test.each([
  ["no qcow2 magic", (bytes) => bytes.writeUInt8(0, 0), "it is not a qcow2 file"],
  ["a version of its own", (bytes) => bytes.writeUInt32BE(4, 4), "its version 4 is not known"],
  [
    "an impossible header length",
    (bytes) => bytes.writeUInt32BE(101, 100),
    "its header has an impossible length",
  ],
  ["the dirty bit", (bytes) => bytes.writeUInt8(1, 79), "it was not closed properly (dirty)"],
  ["the corrupt bit", (bytes) => bytes.writeUInt8(2, 79), "it is marked as corrupt"],
  ["the external data bit", (bytes) => bytes.writeUInt8(4, 79), "it has an external data file"],
  ["the raw external data bit", (bytes) => bytes.writeUInt8(2, 95), "it has an external data file"],
  [
    "an external data file's name",
    (bytes) => bytes.writeUInt32BE(0x44415441, 128),
    "it has an external data file",
  ],
  [
    "unknown incompatible bits",
    (bytes) => bytes.writeUInt8(0xa0, 79),
    "it has unknown features: incompatible 5, incompatible 7",
  ],
  [
    "an unknown compatible bit",
    (bytes) => bytes.writeUInt8(0x80, 80),
    "it has unknown features: compatible 63",
  ],
  ["an unknown autoclear bit", (bytes) => bytes.writeUInt8(4, 95), "it has unknown features: autoclear 2"],
  ["snapshots", (bytes) => bytes.writeUInt32BE(1, 60), "it has snapshots"],
  ["encryption", (bytes) => bytes.writeUInt32BE(2, 32), "it is encrypted"],
  [
    "another backing file",
    (bytes) => bytes.write("disk.iso", nameAt),
    'its backing file is "disk.iso", not disk.img',
  ],
  [
    "a backing file out of reach",
    (bytes) => bytes.writeUInt32BE(1, 8),
    "its backing file's name is outside of its header",
  ],
  ["another backing format", (bytes) => bytes.write("qed", formatAt), 'its backing format is "qed", not raw'],
  [
    "another virtual size",
    (bytes) => bytes.writeUInt8(1, 31),
    "its virtual size is 1048577 bytes, not the disk's 1048576",
  ],
  ["an absurd virtual size", (bytes) => bytes.writeUInt8(0xff, 24), "its virtual size is not plausible"],
  [
    "a header extension that is too long",
    (bytes) => bytes.writeUInt32BE(2 ** 31, 132),
    "a header extension is too long",
  ],
  [
    "a header extension twice",
    (bytes) => bytes.writeUInt32BE(0xe2792aca, 128),
    "a header extension occurs twice",
  ],
  [
    "header extensions that go on and on",
    (bytes) => bytes.fill(1, 112),
    /^layer.qcow2: a header extension is too long/,
  ],
] as const satisfies [string, (bytes: Buffer) => unknown, string | RegExp][])(
  "a layer with %s is refused",
  (_title, change, reason) => {
    const copy = Buffer.from(layer);
    change(copy);
    expect(() => checkLayer(copy, mebibyte)).toThrow(reason);
  },
);

test.each([0, 71, 103, 200])("a layer of %i bytes is refused", (length) => {
  expect(() => checkLayer(layer.subarray(0, length), mebibyte)).toThrow(/^layer.qcow2: /);
});
