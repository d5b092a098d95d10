import { invalidArchive } from "./image-errors.ts";

/** Bytes in order, in pieces of any size. A piece is only valid until the next one is asked for. */
export type BytePieces = AsyncIterable<Uint8Array>;

/** Reads from pieces as if they were one file, and refuses a file that ends too early. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** The part of the last piece that nobody took yet. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: BytePieces) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }

  /**
   * The next bytes, at least one and at most `limit`, as they lie in memory: valid until more are asked for.
   *
   * @param the name of the data that is cut short when there are none, for the error
   */
  async take(limit: number, what: string): Promise<Uint8Array> {
    if (await this.atEnd()) throw invalidArchive(`it ends in the middle of ${what}`);
    const taken = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Fills all of `target`. */
  async fill(target: Uint8Array, what: string): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      const taken = await this.take(target.length - filled, what);
      target.set(taken, filled);
      filled += taken.length;
    }
  }

  /** Exactly `length` bytes, in memory of their own. */
  async read(length: number, what: string): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.fill(bytes, what);
    return bytes;
  }

  async skip(length: number, what: string): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.take(left, what)).length;
  }

  /** Tells the source that nobody reads on. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
