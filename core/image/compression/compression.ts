import { AppError } from "../../../shared/errors/errors.ts";
import type { ArchiveFormat } from "../../../shared/library/image-archive.ts";
import { type BytePieces, ByteReader } from "../byte-reader.ts";
import { invalidArchive, notAnArchive } from "../image-errors.ts";
import { legacyLz4Magic, lz4Magic, nextMagic, PartLimit, zstdMagic } from "./frame-magic.ts";
import { compressLz4, decompressLz4, lz4ChunkSize } from "./lz4-frame.ts";
import { mapInOrder } from "./ordered-map.ts";
import { compressZstd, decompressZstd, zstdChunkSize } from "./zstd-frame.ts";

/**
 * How an archive of this name is to be compressed.
 *
 * @throws AppError `usage` when the name doesn't end in `.tar.lz4` or `.tar.zst`.
 */
export function formatForName(path: string): ArchiveFormat {
  if (path.endsWith(".tar.lz4")) return "lz4";
  if (path.endsWith(".tar.zst")) return "zstd";
  throw new AppError({
    code: "usage",
    message: `${path} is not a name for an image archive`,
    advice: "Choose a name that ends in .tar.lz4 (quick) or .tar.zst (small).",
  });
}

/** Chunks that are compressed at once or wait for it, enough to keep Node's four threads for such work busy. */
const chunksAtOnce = 4;

/**
 * Compresses content in chunks, each into a frame of its own, so that all cores can help. Frames are the caller's to
 * keep, and to free.
 */
export function compress(content: BytePieces, format: ArchiveFormat): AsyncGenerator<Uint8Array> {
  const { chunkSize, compressChunk } = codecs[format];
  return mapInOrder(fullChunks(content, chunkSize), chunksAtOnce, compressChunk);
}

const codecs = {
  lz4: { chunkSize: lz4ChunkSize, compressChunk: compressLz4 },
  zstd: { chunkSize: zstdChunkSize, compressChunk: compressZstd },
} as const satisfies Record<ArchiveFormat, unknown>;

/** Gathers pieces into chunks of one size, but for the last. */
async function* fullChunks(pieces: BytePieces, chunkSize: number): AsyncGenerator<Uint8Array> {
  // Chunks are filled again and again: who asks for one more has at most the last `chunksAtOnce - 1` in use.
  const yielded: Buffer[] = [];
  let chunk: Buffer = Buffer.allocUnsafe(chunkSize);
  let used = 0;
  for await (const piece of pieces) {
    for (let taken = 0; taken < piece.length; ) {
      const count = Math.min(chunkSize - used, piece.length - taken);
      chunk.set(piece.subarray(taken, taken + count), used);
      taken += count;
      used += count;
      if (used < chunkSize) continue;
      yield chunk;
      yielded.push(chunk);
      const free = yielded.length === chunksAtOnce ? yielded.shift() : undefined;
      chunk = free ?? Buffer.allocUnsafe(chunkSize);
      used = 0;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** The content of a compressed file. */
interface Decompressed {
  readonly format: ArchiveFormat;
  readonly content: AsyncGenerator<Uint8Array>;
  /** Whether all that was decompressed so far was compared with a checksum. */
  readonly isChecked: () => boolean;
}

/** Decompresses a file in the format of its first bytes, whatever its name. */
export async function decompress(source: BytePieces): Promise<Decompressed> {
  const reader = new ByteReader(source);
  const limit = new PartLimit();
  const magic = await nextMagic(reader, limit);
  let isChecked = true;
  const unchecked = () => {
    isChecked = false;
  };
  const decompressed = (format: ArchiveFormat, content: AsyncGenerator<Uint8Array>): Decompressed => ({
    format,
    content,
    isChecked: () => isChecked,
  });
  if (magic === lz4Magic) return decompressed("lz4", decompressLz4(reader, limit, unchecked));
  if (magic === zstdMagic) return decompressed("zstd", decompressZstd(reader, limit, unchecked));
  if (magic === legacyLz4Magic)
    throw invalidArchive("it is compressed in LZ4's legacy format, which has no checksums");
  throw notAnArchive("it is compressed neither with LZ4 nor with Zstandard");
}
