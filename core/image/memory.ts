/**
 * Frees the memory of bytes that are no longer used. The garbage collector would do it too, but knows little of memory
 * that native code allocated, and comes hundreds of megabytes too late.
 */
export function freeMemory({ buffer, length }: Uint8Array): void {
  // Small buffers share their memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

/** Frees the memory of pieces that are handed out one after another, each while the next one is used. */
export class LateRelease {
  #last: Uint8Array | undefined;

  /** Frees the piece before this one, which is no longer used. */
  release(piece: Uint8Array): void {
    if (this.#last) freeMemory(this.#last);
    this.#last = piece;
  }
}
