import { invalidArchive } from "./image-errors.ts";

/** Bytes in order, in pieces of any size. A piece is only valid until the next one is asked for. */
export type BytePieces = AsyncIterable<Uint8Array>;

/** Pieces, some of which a reader can pass over without having them made. */
export interface SkippablePieces extends BytePieces {
  /** Passes over so many bytes, or fewer at the end. @returns their number */
  skip(length: number): number;
}

/** Bytes that can be read at any place. */
export interface ReadableBytes {
  readonly size: number;
  /** Reads so many bytes, or fewer; none only at their end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** All of some bytes, in order. @param pieceSize of those that are read at once */
export function skippablePieces(bytes: ReadableBytes, pieceSize: number): SkippablePieces {
  let position = 0;
  return {
    skip: (length) => {
      const skipped = Math.min(length, bytes.size - position);
      position += skipped;
      return skipped;
    },
    [Symbol.asyncIterator]: async function* () {
      while (position < bytes.size) {
        const piece = await bytes.read(position, pieceSize);
        // The file is shorter than it was.
        if (piece.length === 0) return;
        position += piece.length;
        yield piece;
      }
    },
  };
}

/** Reads from pieces as if they were one file, and refuses a file that ends too early. */
export class ByteReader {
  readonly #source: BytePieces | SkippablePieces;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #position = 0;
  /** The part of the last piece that nobody took yet. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: BytePieces | SkippablePieces) {
    this.#source = source;
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** How many bytes were taken or skipped so far. */
  get position(): number {
    return this.#position;
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
    this.#position += taken.length;
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
    let left = length;
    while (left > 0 && this.#rest.length > 0) left -= (await this.take(left, what)).length;
    if (left > 0 && "skip" in this.#source) {
      const skipped = this.#source.skip(left);
      this.#position += skipped;
      left -= skipped;
    }
    while (left > 0) left -= (await this.take(left, what)).length;
  }

  /** Tells the source that nobody reads on. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
