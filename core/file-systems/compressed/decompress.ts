import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError } from "../../../shared/errors/errors.ts";
import { ByteReader } from "../../image/byte-reader.ts";
import { decompress as decompressFrames } from "../../image/compression/compression.ts";
import { beginsFrame, legacyLz4Magic, lz4Magic } from "../../image/compression/frame-magic.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged, isDamage } from "../damaged.ts";
import { bzip2Program, filterBytes, xzProgram } from "../program-filter.ts";
import { decompressLegacyLz4 } from "./legacy-lz4.ts";
import { type SpilledBytes, spill } from "./spill-file.ts";

interface DecompressOptions {
  /** A folder that only this user can enter, for a temporary file. */
  readonly folder: string;
  /** More content than this is refused. */
  readonly limitBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for each piece of content: an error of it ends the decompression, which may be of gigabytes from a few bytes. */
  readonly onPiece?: (bytes: number) => void;
}

/** Decompresses from the beginning of some bytes. */
type Decompressor = (source: ByteSource, signal?: AbortSignal) => AsyncIterable<Uint8Array>;

interface Format {
  /** As an error names it. */
  readonly name: string;
  readonly begins: (head: Buffer) => boolean;
  readonly decompress: Decompressor;
}

const headLength = 6;
const beginsWith = (hex: string) => (head: Buffer) => head.toString("hex").startsWith(hex);
const number = (head: Buffer) => (head.length < 4 ? 0 : head.readUInt32LE());

const formats: readonly Format[] = [
  { name: "gzip", begins: beginsWith("1f8b08"), decompress: gunzip },
  {
    name: "xz",
    begins: beginsWith("fd377a585a00"),
    decompress: (source, signal) => filterBytes(xzProgram, piecesOf(source), "the xz data", signal),
  },
  {
    name: "bzip2",
    begins: beginsWith("425a68"),
    decompress: (source, signal) => filterBytes(bzip2Program, piecesOf(source), "the bzip2 data", signal),
  },
  {
    name: "LZ4",
    begins: (head) => number(head) === legacyLz4Magic,
    decompress: (source) => decompressLegacyLz4(new ByteReader(piecesOf(source, magicLength))),
  },
  { name: "LZ4", begins: (head) => number(head) === lz4Magic, decompress: unpackFrames },
  // A frame that is to be skipped may come first.
  { name: "Zstandard", begins: (head) => beginsFrame(number(head)), decompress: unpackFrames },
];
const magicLength = 4;

/**
 * Decompresses gzip, xz, bzip2, LZ4 or Zstandard, also several streams one after the other, into a temporary file.
 *
 * @returns undefined if the bytes are not compressed in one of these
 * @throws AppError `damaged-file-system` for data that is damaged, incomplete or too much; `missing-tool` without `xz` or `bzip2`
 */
export async function decompress(
  source: ByteSource,
  { folder, limitBytes, signal, onPiece }: DecompressOptions,
): Promise<SpilledBytes | undefined> {
  const head = await source.read(0, headLength);
  const format = formats.find(({ begins }) => begins(head));
  if (!format) return undefined;
  const pieces = format.decompress(source, signal);
  try {
    return await spill(limited(pieces, `the ${format.name} data`, { limitBytes, signal, onPiece }), folder);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof AppError) || error.code !== "invalid-archive") throw error;
    throw damaged(`the ${format.name} data is damaged or incomplete: ${error.message}`);
  }
}

async function* limited(
  pieces: AsyncIterable<Uint8Array>,
  place: string,
  { limitBytes, signal, onPiece }: Omit<DecompressOptions, "folder">,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    onPiece?.(piece.length);
    size += piece.length;
    if (size > limitBytes) throw damaged(`${place} has more than ${limitBytes} bytes of content`);
    yield piece;
  }
}

const pieceBytes = 256 * 1024;

async function* piecesOf(source: ByteSource, start = 0): AsyncGenerator<Buffer> {
  for (let at = start; at < source.size; ) {
    const piece = await source.read(at, pieceBytes);
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

/** Zeros after the data are passed over, as gzip does. */
async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const input = Readable.from(piecesOf(source));
  const content = createGunzip({ chunkSize: pieceBytes });
  input.on("error", (error) => content.destroy(error));
  input.pipe(content);
  try {
    yield* content;
  } catch (error) {
    if (isDamage(error)) throw error;
    // zlib names its own errors so; others come from the source.
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
    const isCut = error.code === "Z_BUF_ERROR";
    throw damaged(isCut ? "the gzip data is incomplete" : `the gzip data is damaged: ${error.message}`);
  } finally {
    input.destroy();
  }
}

async function* unpackFrames(source: ByteSource): AsyncGenerator<Uint8Array> {
  const { content } = await decompressFrames(piecesOf(source));
  yield* content;
}
