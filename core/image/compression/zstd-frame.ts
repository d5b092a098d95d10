import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, createZstdDecompress, zstdCompress } from "node:zlib";
import type { ByteReader } from "../byte-reader.ts";
import { invalidArchive } from "../image-errors.ts";
import { eachFrame, type PartLimit, zstdMagic } from "./frame-magic.ts";
import { LateRelease } from "./late-release.ts";

const compress = promisify(zstdCompress);
/** Level 3, zstd's own default, takes twice as long for archives that are 10 % smaller. */
const compressionLevel = 1;

/** The most content that is best compressed at once, in bytes: more gains little, and takes more memory. */
export const zstdChunkSize = 256 * 1024;

/** Results come in parts of this many bytes, and are put together at the end. */
const resultSize = 128 * 1024;

/** Compresses some content into a frame of its own, with a checksum of the content. */
export async function compressZstd(content: Uint8Array): Promise<Uint8Array> {
  const params = {
    [constants.ZSTD_c_compressionLevel]: compressionLevel,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
  return await compress(content, { chunkSize: resultSize, params });
}

/** Bytes that the decompressor returns at once, at most. */
const decompressedSize = 256 * 1024;

/**
 * Decompresses frames to the end of the file and verifies the checksums that they have. A piece is valid until the one
 * after the next is asked for.
 *
 * @param reader stands after the first frame's magic number
 * @param onUnchecked called for each frame that has no checksum
 */
export async function* decompressZstd(
  reader: ByteReader,
  limit: PartLimit,
  onUnchecked: () => void,
): AsyncGenerator<Uint8Array> {
  const content = createZstdDecompress({ chunkSize: decompressedSize });
  // A failure of the frames destroys the decompressor, from which the loop below learns of it.
  pipeline(Readable.from(readFrames(reader, limit, onUnchecked), { highWaterMark: 1 }), content, () => {});
  const pieces = new LateRelease();
  try {
    for await (const piece of content) {
      yield piece;
      pieces.release(piece);
    }
  } catch (cause) {
    // zlib names its own errors so; others come from the reader.
    if (!(cause instanceof Error && "code" in cause && /^Z(STD)?_/.test(String(cause.code)))) throw cause;
    throw invalidArchive(
      undamaged[String(cause.code)] ?? `a Zstandard frame is damaged: ${cause.message}`,
      cause,
    );
  }
}

/** The problems of frames that are not damaged, by zlib's names. */
const undamaged: Readonly<Record<string, string>> = {
  ZSTD_error_dictionary_wrong: "a Zstandard frame needs a dictionary",
  ZSTD_error_frameParameter_windowTooLarge: "a Zstandard frame needs more than 128 MiB of memory",
};

/** A block is never larger, by the format's definition. */
const maximumBlock = 128 * 1024;
const blockHeaderSize = 3;
const checksumSize = 4;
const runLengthBlock = 1;

/** Bytes that the decompressor is given at once, at most. */
const pieceSize = 512 * 1024;
/** More than a frame's header, a block and the checksum take together. */
const roomForBlock = 256 * 1024;

/**
 * Cuts frames into pieces none of which has bytes of two frames: Node's decompressor silently drops bytes after a
 * frame's end in the piece that is written to it.
 */
async function* readFrames(
  reader: ByteReader,
  limit: PartLimit,
  onUnchecked: () => void,
): AsyncGenerator<Uint8Array> {
  let memory = Buffer.allocUnsafe(pieceSize);
  for await (const _ of eachFrame(reader, zstdMagic, limit)) {
    let used = memory.writeUInt32LE(zstdMagic);
    const append = async (length: number) => {
      const added = memory.subarray(used, used + length);
      await reader.fill(added, "a Zstandard frame");
      used += length;
      return added;
    };
    /** Ends a piece. The next one gets what is left of the memory, so that many small frames don't take much. */
    const cut = () => {
      const piece = memory.subarray(0, used);
      memory = memory.subarray(used);
      if (memory.length < roomForBlock) memory = Buffer.allocUnsafe(pieceSize);
      used = 0;
      return piece;
    };
    const [descriptor = 0] = await append(1);
    await append(headerLength(descriptor));
    for (let isLast = false; !isLast; ) {
      const blockHeader = (await append(blockHeaderSize)).readUIntLE(0, blockHeaderSize);
      isLast = (blockHeader & 1) === 1;
      const size = ((blockHeader >> 1) & 3) === runLengthBlock ? 1 : blockHeader >> 3;
      if (size > maximumBlock) throw invalidArchive("a Zstandard frame is damaged: a block is too large");
      limit.addBlock(size);
      await append(size);
      if (memory.length - used < maximumBlock + blockHeaderSize + checksumSize) yield cut();
    }
    if (hasChecksum(descriptor)) await append(checksumSize);
    else onUnchecked();
    yield cut();
  }
}

/** Lengths of two fields of a frame's header, by the number in its descriptor that stands for them. */
const dictionaryIdLengths = [0, 1, 2, 4];
const contentSizeLengths = [0, 2, 4, 8];

/** Bytes of a frame's header after its descriptor. */
function headerLength(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const windowLength = isSingleSegment ? 0 : 1;
  const contentSizeLength = contentSizeLengths[descriptor >> 6] || 1 - windowLength;
  return windowLength + (dictionaryIdLengths[descriptor & 3] ?? 0) + contentSizeLength;
}

function hasChecksum(descriptor: number): boolean {
  return (descriptor & 0b100) !== 0;
}
