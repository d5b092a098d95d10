import type { ByteSource } from "../file-systems/byte-source.ts";
import { extendLimit } from "./tree/work-limit.ts";

/** Bytes that are read at once. */
const pieceBytes = 1024 * 1024;

/** Reads a whole source, piece by piece. */
export async function* readAll(source: ByteSource): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < source.size; ) {
    const piece = await source.read(offset, Math.min(pieceBytes, source.size - offset));
    if (piece.length === 0) return;
    offset += piece.length;
    extendLimit();
    yield piece;
  }
}
