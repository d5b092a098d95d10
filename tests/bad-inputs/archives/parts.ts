import { compress } from "../../../core/image/compression/compression.ts";
import {
  inPieces,
  layerBytes,
  mebibyte,
  rawEntry,
  rawTar,
  readAll,
  sampleBytes,
} from "../../../core/image/test-fixtures.ts";

/** The entries of a good archive. */
export const disk = rawEntry({ name: "disk.img", content: sampleBytes(mebibyte) });
export const layerContent = await layerBytes(mebibyte);
export const layer = rawEntry({ name: "layer.qcow2", content: layerContent });
export const machine = rawEntry({ name: "machine.json", content: '{"version": 1}' });

/** An archive with these entries. */
export async function lz4(...entries: Buffer[]): Promise<Buffer> {
  return await readAll(compress(inPieces(rawTar(...entries)), "lz4"));
}

/** A good archive, compressed with Zstandard. */
export const goodZstd = await readAll(compress(inPieces(rawTar(machine, layer, disk)), "zstd"));

/** An archive whose disk has a header that is changed in one place, or another type. */
export async function withDisk(change: (header: Buffer) => unknown, type = "0"): Promise<Buffer> {
  return await lz4(machine, layer, rawEntry({ name: "disk.img", type, content: "abc", change }));
}

/** A copy in which one bit of a byte is another. */
export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

/** Gives a header another size, also one that octal digits have no room for. */
export function sized(size: bigint): (header: Buffer) => unknown {
  return (header) => {
    header.fill(0, 124, 136).writeUInt8(0x80, 124);
    header.writeBigUInt64BE(size, 128);
  };
}

/** A header in GNU tar's old sparse format with this map. */
export function sparse(size: number, ...map: readonly number[]): (header: Buffer) => void {
  const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`;
  return (header) => {
    header.fill(0, 345).write("ustar  \0", 257);
    header.write(map.map(octal).join(""), 386);
    header.write(octal(size), 483);
  };
}

/** An archive with one entry. */
export const entry = async (name: string, type = "0") =>
  await lz4(rawEntry({ name, type, linkName: "/etc/passwd" }));
