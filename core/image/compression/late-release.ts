import { freeMemory } from "../../files/free-memory.ts";

/** Frees the memory of pieces that are handed out one after another, each while the next one is used. */
export class LateRelease {
  #last: Uint8Array | undefined;

  /** Frees the piece before this one, which is no longer used. */
  release(piece: Uint8Array): void {
    if (this.#last) freeMemory(this.#last);
    this.#last = piece;
  }
}
