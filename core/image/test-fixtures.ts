import { execFileSync } from "node:child_process";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteReader } from "./byte-reader.ts";
import { createLayer } from "./disk/disk-image.ts";
import { readTar } from "./tar/sparse-tar-reader.ts";
import { tarEnd } from "./tar/sparse-tar-writer.ts";
import { tarBlockSize, tarChecksum, tarFields, tarPadding, ustarMagic } from "./tar/tar-header.ts";

/** A folder for one test; removed after the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "tinsmith-image-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** Runs a shell script in a folder, and returns what it prints. */
export function shell(script: string, folder: string): Buffer {
  return execFileSync("sh", ["-ec", script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 28,
  });
}

export const mebibyte = 1024 * 1024;

/** Bytes that compress a little, none of them zero, the same each time. */
export function sampleBytes(length: number): Buffer {
  let state = 1;
  const bytes = Uint8Array.from({ length }, () => {
    state = (state * 69_069 + 1) % 2 ** 32;
    return 1 + (state >>> 27);
  });
  return Buffer.from(bytes.buffer);
}

/** Makes a sparse file with data at some positions. */
export async function writeSparseFile(
  path: string,
  size: number,
  data: Readonly<Record<number, Buffer>>,
): Promise<void> {
  await using file = await open(path, "w");
  await file.truncate(size);
  for (const [position, bytes] of Object.entries(data))
    await file.write(bytes, 0, bytes.length, Number(position));
}

/** The extents of the data that `writeImage` puts on its disk of 16 MiB; not all of them fill blocks. */
export const sampleDisk = {
  size: 16 * mebibyte,
  data: {
    0: sampleBytes(512),
    [mebibyte]: sampleBytes(mebibyte + 5000),
    [9 * mebibyte + 100]: sampleBytes(3),
  },
} as const;

/** Makes the files for `packArchive`, in a folder. */
export async function writeImage(folder: string): Promise<void> {
  await writeSparseFile(join(folder, "disk.img"), sampleDisk.size, sampleDisk.data);
  await writeFile(join(folder, "machine.json"), '{"version": 1, "memory": 512}');
}

/** Bytes of a layer for a disk of this size, as qemu-img makes it. */
export async function layerBytes(diskSize: number): Promise<Buffer> {
  await using folder = await temporaryFolder();
  await createLayer(join(folder.path, "layer.qcow2"), diskSize);
  return await readFile(join(folder.path, "layer.qcow2"));
}

interface RawEntry {
  readonly name: string;
  readonly type?: string;
  readonly content?: Buffer | string;
  /** The size that the header claims, when it lies. */
  readonly size?: number;
  readonly linkName?: string;
  /** Changes the header before its checksum is made. */
  readonly change?: (header: Buffer) => void;
}

/** One entry of a tar archive, with any header: tar programs refuse to make most of these. */
export function rawEntry({ name, type = "0", content = "", size, linkName = "", change }: RawEntry): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(tarBlockSize);
  header.write(name, tarFields.name.start);
  header.write("0000644\0", tarFields.mode.start);
  header.write(`${(size ?? data.length).toString(8).padStart(11, "0")}\0`, tarFields.size.start);
  header.write(type, tarFields.type.start, "latin1");
  header.write(linkName, 157);
  header.write(ustarMagic, tarFields.magic.start);
  change?.(header);
  header.write(`${tarChecksum(header).toString(8).padStart(6, "0")}\0 `, tarFields.checksum.start);
  return Buffer.concat([header, data, Buffer.alloc(tarPadding(data.length))]);
}

export function rawTar(...entries: Buffer[]): Buffer {
  return Buffer.concat([...entries, tarEnd]);
}

/** A PAX header with these records; a key may be there more than once. */
export function paxEntry(records: readonly (readonly [key: string, value: string])[]): Buffer {
  const lines = records.map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const digits = `${rest.length}`.length;
    const length = rest.length + digits;
    return `${`${length}`.length === digits ? length : length + 1}${rest}`;
  });
  return rawEntry({ name: "PaxHeaders/x", type: "x", content: lines.join("") });
}

/** A Zstandard frame of very many zeros: 4 bytes for each 128 KiB of them, which `size` is a multiple of. */
export function zeroBomb(size: number): Buffer {
  const blockContent = 128 * 1024;
  const runLengthBlock = 0b010;
  const block = (isLast: boolean) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUIntLE((blockContent << 3) | runLengthBlock | Number(isLast), 0, 3);
    return bytes;
  };
  const others = Buffer.alloc((size / blockContent - 1) * 4, block(false));
  return Buffer.concat([Buffer.from("28b52ffd0038", "hex"), others, block(true)]);
}

/** Cuts bytes into pieces that fit nothing: what reads them must not depend on their borders. */
export async function* inPieces(bytes: Buffer, length = 4999): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

export async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

/** The entries of a tar archive, with their files' whole content. */
export async function readEntries(
  tar: Buffer,
): Promise<{ name: string; dataSize: number; content: Buffer }[]> {
  const entries = [];
  for await (const { name, size, dataSize, data } of readTar(new ByteReader(inPieces(tar)))) {
    const content = Buffer.alloc(size);
    for await (const { position, bytes } of data) content.set(bytes, position);
    entries.push({ name, dataSize, content });
  }
  return entries;
}
