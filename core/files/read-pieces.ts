import type { FileHandle } from "node:fs/promises";

/** Options of everything that takes long: it can be interrupted, and says how far it is, in bytes. */
export interface LongWork {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Bytes of the largest piece. Hashing it takes half a millisecond in which the thread does nothing else, and 3 ms on a
 * processor without instructions for SHA-256.
 */
const pieceBytes = 1024 ** 2;

/**
 * Reads a file from its first to its last byte. A piece is only valid until the next one is asked for.
 *
 * @throws the signal's reason when it aborts.
 */
export async function* readPieces(
  file: FileHandle,
  { signal, onProgress }: LongWork = {},
): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat();
  const memory = Buffer.allocUnsafe(Math.max(1, Math.min(size, pieceBytes)));
  for (let done = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(memory, 0, memory.length, done);
    if (bytesRead === 0) return;
    yield memory.subarray(0, bytesRead);
    done += bytesRead;
    onProgress?.(done, size);
  }
}
