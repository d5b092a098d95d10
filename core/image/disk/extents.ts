/** A run of bytes in a file. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** More extents than this are refused, so that a hostile map can't fill the memory: 24 MiB of it. */
export const maximumExtents = 2 ** 20;

/** The extents of a sparse file's data: ascending, without overlaps, at 24 bytes of memory each. */
export class ExtentList implements Iterable<Extent> {
  /** Of each extent: its start, its end, and the bytes in those before it. */
  #bounds = new Float64Array(96);
  #count = 0;
  /** Bytes in all extents. */
  #dataSize = 0;

  get count(): number {
    return this.#count;
  }

  get dataSize(): number {
    return this.#dataSize;
  }

  /** The end of the last extent. */
  get end(): number {
    return this.#count === 0 ? 0 : (this.#bounds[3 * this.#count - 2] ?? 0);
  }

  /** Adds an extent that starts at or after `end`; one that touches the last extent becomes part of it. */
  add(start: number, length: number): void {
    if (start < this.end)
      throw new RangeError(`extent at ${start} before the end of the last one, ${this.end}`);
    if (this.#count === 0 || start > this.end) {
      if (3 * this.#count === this.#bounds.length) this.#grow();
      this.#bounds[3 * this.#count] = start;
      this.#bounds[3 * this.#count + 2] = this.#dataSize;
      this.#count++;
    }
    this.#bounds[3 * this.#count - 2] = start + length;
    this.#dataSize += length;
  }

  /** The first place from a position on that is in an extent; undefined after the last one. */
  nextFrom(position: number): number | undefined {
    const index = this.#indexFrom(position);
    return index === this.#count ? undefined : Math.max(position, this.#bounds[3 * index] ?? 0);
  }

  /**
   * The place of a position among the data of all extents, one after the other; undefined in a hole. Both extend over `length` bytes at
   * least, which is infinite after the last extent.
   */
  locate(position: number): { readonly length: number; readonly place: number | undefined } {
    const index = this.#indexFrom(position);
    if (index === this.#count) return { length: Number.POSITIVE_INFINITY, place: undefined };
    const [start = 0, end = 0, before = 0] = this.#bounds.subarray(3 * index, 3 * index + 3);
    if (position < start) return { length: start - position, place: undefined };
    return { length: end - position, place: before + position - start };
  }

  *[Symbol.iterator](): Generator<Extent> {
    for (let index = 0; index < this.#count; index++) {
      const start = this.#bounds[3 * index] ?? 0;
      yield { start, length: (this.#bounds[3 * index + 1] ?? 0) - start };
    }
  }

  /** The index of the first extent that ends after a position. */
  #indexFrom(position: number): number {
    let low = 0;
    for (let high = this.#count; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#bounds[3 * middle + 1] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const bounds = new Float64Array(2 * this.#bounds.length);
    bounds.set(this.#bounds);
    this.#bounds = bounds;
  }
}

/** The same extents, with those that are less than `gap` bytes apart made one. */
export function joinExtents(extents: Iterable<Extent>, gap: number): ExtentList {
  const joined = new ExtentList();
  for (const { start, length } of extents) {
    const near = joined.count > 0 && start - joined.end < gap;
    const from = near ? joined.end : start;
    joined.add(from, start + length - from);
  }
  return joined;
}
