import { uncompressSync } from "lz4-napi";
import type { XXHashAPI } from "xxhash-wasm";
import type { ByteReader } from "../byte-reader.ts";
import { invalidArchive } from "../image-errors.ts";

/** The fields of a frame's descriptor. */
export interface Frame {
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentSize: number | undefined;
  /** Bytes of a block, compressed or not. */
  readonly maximumBlock: number;
}

/** A block as it is in a file. */
export interface StoredBlock {
  /** Bytes that it has there. */
  readonly size: number;
  /** Whether these are not the content itself. */
  readonly isCompressed: boolean;
}

/** Bytes of the number before a block, and of each checksum. lz4-napi, too, wants a number before a block: its content's size. */
export const numberLength = 4;
/** No byte of a compressed block stands for more content than this. */
const maximumExpansion = 255;

/** Reads the descriptor of the frame whose magic number was just read. @throws AppError `invalid-archive` */
export async function readDescriptor(reader: ByteReader, xxhash: XXHashAPI): Promise<Frame> {
  const start = await reader.read(2, "an LZ4 frame's descriptor");
  const [flags = 0, blockFlags = 0] = start;
  const sizeCode = (blockFlags >> 4) & 7;
  if (flags >> 6 !== 1 || flags & 0b10 || blockFlags & 0b1000_1111 || sizeCode < 4) {
    throw damagedFrame("its descriptor has unknown flags");
  }
  if (flags & 0b1) throw damagedFrame("it needs a dictionary");
  const hasContentSize = (flags & 0b1000) !== 0;
  const rest = await reader.read(hasContentSize ? 9 : 1, "an LZ4 frame's descriptor");
  const descriptor = Buffer.concat([start, rest.subarray(0, -1)]);
  if (((xxhash.h32Raw(descriptor) >>> 8) & 0xff) !== rest.at(-1)) {
    throw damagedFrame("its descriptor's checksum is wrong");
  }
  return {
    linked: (flags & 0b10_0000) === 0,
    blockChecksums: (flags & 0b1_0000) !== 0,
    contentChecksum: (flags & 0b100) !== 0,
    contentSize: hasContentSize ? Number(rest.readBigUInt64LE()) : undefined,
    maximumBlock: 2 ** (8 + 2 * sizeCode),
  };
}

/** Reads a number of a frame: the size of a block, or a checksum. */
export async function readNumber(reader: ByteReader): Promise<number> {
  return (await reader.read(numberLength, "an LZ4 frame")).readUInt32LE();
}

/** Reads the number before a block; undefined is the frame's end. @throws AppError `invalid-archive` */
export async function readBlockStart(reader: ByteReader, frame: Frame): Promise<StoredBlock | undefined> {
  const word = await readNumber(reader);
  if (word === 0) return undefined;
  const block = { size: word & 0x7fff_ffff, isCompressed: word < 0x8000_0000 };
  if (block.size > frame.maximumBlock) throw damagedFrame("a block is larger than the frame allows");
  return block;
}

/**
 * Decompresses a block, in native memory of its own.
 *
 * @param sizedBlock the block after `numberLength` bytes, which are overwritten
 * @param window the content before it, if the frame is linked
 * @throws AppError `invalid-archive`
 */
export function decompressBlock(sizedBlock: Buffer, frame: Frame, window?: Buffer): Buffer {
  // It is content with a size that is too large, but makes room for all of it.
  const size = sizedBlock.length - numberLength;
  sizedBlock.writeUInt32LE(Math.min(frame.maximumBlock, size * maximumExpansion));
  try {
    return uncompressSync(sizedBlock, window);
  } catch (cause) {
    throw damagedFrame("a block can't be decompressed", cause);
  }
}

/** @throws AppError `invalid-archive` unless the bytes of a block have this checksum */
export function checkBlock(block: Uint8Array, checksum: number, xxhash: XXHashAPI): void {
  if (checksum !== xxhash.h32Raw(block)) throw damagedFrame("a block's checksum is wrong");
}

/** @throws AppError `invalid-archive` unless the whole content of a frame has this digest, and the size that the frame says */
export function checkContent(
  frame: Frame,
  { size, digest, checksum }: { readonly size: number; readonly digest: number; readonly checksum: number },
): void {
  if (frame.contentChecksum && checksum !== digest) throw damagedFrame("its content's checksum is wrong");
  if ((frame.contentSize ?? size) !== size) throw damagedFrame("its content's size is wrong");
}

/** The error about a damaged frame. */
export function damagedFrame(how: string, cause?: unknown): Error {
  return invalidArchive(`an LZ4 frame is damaged: ${how}`, cause);
}
