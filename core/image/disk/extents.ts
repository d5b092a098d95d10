/** A run of bytes in a file. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** More extents than this are refused, so that a hostile map can't fill the memory: 16 MiB of it. */
export const maximumExtents = 2 ** 20;

/** The extents of a sparse file's data: ascending, without overlaps, at 16 bytes of memory each. */
export class ExtentList implements Iterable<Extent> {
  /** Pairs of start and end. */
  #bounds = new Float64Array(64);
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
    return this.#count === 0 ? 0 : (this.#bounds[2 * this.#count - 1] ?? 0);
  }

  /** Adds an extent that starts at or after `end`; one that touches the last extent becomes part of it. */
  add(start: number, length: number): void {
    if (start < this.end)
      throw new RangeError(`extent at ${start} before the end of the last one, ${this.end}`);
    if (this.#count === 0 || start > this.end) {
      if (2 * this.#count === this.#bounds.length) this.#grow();
      this.#bounds[2 * this.#count] = start;
      this.#count++;
    }
    this.#bounds[2 * this.#count - 1] = start + length;
    this.#dataSize += length;
  }

  /** The first place from a position on that is in an extent; undefined after the last one. */
  nextFrom(position: number): number | undefined {
    let low = 0;
    for (let high = this.#count; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#bounds[2 * middle + 1] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low === this.#count ? undefined : Math.max(position, this.#bounds[2 * low] ?? 0);
  }

  *[Symbol.iterator](): Generator<Extent> {
    for (let index = 0; index < this.#count; index++) {
      const start = this.#bounds[2 * index] ?? 0;
      yield { start, length: (this.#bounds[2 * index + 1] ?? 0) - start };
    }
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
