import type { FilePiece } from "../file-piece.ts";

/** Data and holes are distinguished in blocks of this many bytes, on any file system. */
export const blockSize = 4096;

/** Whether all bytes from `start` to `end` are zero. */
export function isZero(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (start === end) return true;
  if (bytes[start] !== 0) return false;
  // The first byte is zero, and each byte equals the next one: one call of the C library's memcmp.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.compare(buffer, start, end - 1, start + 1, end) === 0;
}

/**
 * The parts of a piece outside the file's blocks of zeros. Of a block that is only partly in the piece, that part
 * counts.
 */
export function* withoutZeroBlocks({ position, bytes }: FilePiece): Generator<FilePiece> {
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + blockSize - ((position + at) % blockSize), bytes.length);
    if (isZero(bytes, at, end)) {
      if (start < at) yield { position: position + start, bytes: bytes.subarray(start, at) };
      start = end;
    }
    at = end;
  }
  if (start < bytes.length) yield { position: position + start, bytes: bytes.subarray(start) };
}
