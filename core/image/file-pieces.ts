import type { FileHandle } from "node:fs/promises";

/** Options of everything that takes long: it can be interrupted, and says how far it is, in bytes. */
export interface LongWork {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Some bytes of a file, and where in the file they belong. */
export interface FilePiece {
  readonly position: number;
  readonly bytes: Uint8Array;
}

const pieceSize = 1024 * 1024;

/** Reads a file from its first to its last byte. A piece is only valid until the next one is asked for. */
export async function* readPieces(file: FileHandle, work: LongWork): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat();
  const memory = Buffer.allocUnsafe(pieceSize);
  for (let done = 0; ; ) {
    work.signal?.throwIfAborted();
    const { bytesRead } = await file.read(memory, 0, pieceSize, done);
    if (bytesRead === 0) return;
    yield memory.subarray(0, bytesRead);
    done += bytesRead;
    work.onProgress?.(done, size);
  }
}
