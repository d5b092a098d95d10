import { compress } from "../../../core/image/compression/compression.ts";
import { inPieces, mebibyte, rawEntry, readAll, zeroBomb } from "../../../core/image/test-fixtures.ts";
import { disk, layer, layerContent, lz4, machine, sized, sparse, withDisk } from "./parts.ts";

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

async function withMachine(content: string | Buffer): Promise<Buffer> {
  return await lz4(rawEntry({ name: "machine.json", content }), layer, disk);
}

const backingName = Number(layerContent.readBigUInt64BE(8));

/** A layer whose backing file has this name. */
const onBacking = async (name: string) =>
  await withLayer((bytes) => {
    bytes.writeBigUInt64BE(4096n, 8);
    bytes.writeUInt32BE(bytes.write(name, 4096), 16);
  });

const levelOneTable = Number(layerContent.readBigUInt64BE(40));

/** Archives whose layer or definition is wrong, by its fault. */
export const badContents: Readonly<Record<string, Buffer>> = {
  "no layer": await lz4(machine, disk),
  "no definition": await lz4(layer, disk),
  "a disk that makes 50 GiB with the layer": await withDisk(sized(50n * 1024n ** 3n - 512n)),
  "a sparse disk of 8 GiB without a layer for it": await withDisk(
    sparse(2 ** 33 - 1, 0, 3, 2 ** 33 - 1, 0),
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
  "a layer alone": layerContent,
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
