import { AppError } from "../../../shared/errors/errors.ts";
import { decompress as decompressFrames } from "../../image/compression/compression.ts";
import { beginsFrame, legacyLz4Magic, lz4Magic } from "../../image/compression/frame-magic.ts";
import { ArchiveNotes } from "../archive-notes.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { bzip2Program, filterBytes, xzProgram } from "../program-filter.ts";
import { findAfterBzip2 } from "./bzip2-end.ts";
import { type Following, piecesOf } from "./following.ts";
import { gunzip, isGzip } from "./gunzip.ts";
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

interface DecompressorContext {
  /** Told of the data that follows. */
  readonly following: Following;
  readonly signal: AbortSignal | undefined;
}

/** Decompresses from the beginning of some bytes. */
type Decompressor = (source: ByteSource, context: DecompressorContext) => AsyncIterable<Uint8Array>;

/** The content of compressed data. */
export interface DecompressedBytes extends SpilledBytes {
  readonly following: Following;
}

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
  { name: "gzip", begins: isGzip, decompress: (source, { following }) => gunzip(source, following) },
  {
    name: "xz",
    begins: beginsWith("fd377a585a00"),
    decompress: (source, { signal }) => filterBytes(xzProgram, piecesOf(source), "the xz data", signal),
  },
  {
    name: "bzip2",
    begins: beginsWith("425a68"),
    decompress: async function* (source, { following, signal }) {
      yield* filterBytes(bzip2Program, piecesOf(source), "the bzip2 data", signal);
      await findAfterBzip2(source, following);
    },
  },
  {
    name: "LZ4",
    begins: (head) => number(head) === legacyLz4Magic,
    decompress: (source, { following }) => decompressLegacyLz4(source, following),
  },
  { name: "LZ4", begins: (head) => number(head) === lz4Magic, decompress: unpackFrames },
  // A frame that is to be skipped may come first.
  { name: "Zstandard", begins: (head) => beginsFrame(number(head)), decompress: unpackFrames },
];

/**
 * Decompresses gzip, xz, bzip2, LZ4 or Zstandard, also several streams one after the other, into a temporary file.
 *
 * @returns undefined if the bytes are not compressed in one of these
 * @throws AppError `damaged-file-system` for data that is damaged, incomplete or too much; `missing-tool` without `xz` or `bzip2`
 */
export async function decompress(
  source: ByteSource,
  { folder, limitBytes, signal, onPiece }: DecompressOptions,
): Promise<DecompressedBytes | undefined> {
  const head = await source.read(0, headLength);
  const format = formats.find(({ begins }) => begins(head));
  if (!format) return undefined;
  const following: Following = { start: undefined, notes: new ArchiveNotes() };
  const pieces = format.decompress(source, { following, signal });
  const content = limited(pieces, `the ${format.name} data`, { limitBytes, signal, onPiece });
  try {
    return { ...(await spill(content, folder)), following };
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

async function* unpackFrames(source: ByteSource): AsyncGenerator<Uint8Array> {
  const { content } = await decompressFrames(piecesOf(source));
  yield* content;
}
