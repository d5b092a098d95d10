/** Bytes of a file from a position to the one before another; without `to`, to the file's end. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number | undefined;
}

interface ClosedRange extends ByteRange {
  readonly to: number;
}

/** The parts of a file that are there. */
export class ByteRanges {
  /** In their order; no two of them touch. */
  #ranges: ClosedRange[] = [];

  /** The number of bytes in them. */
  get bytes(): number {
    return this.#ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** The number of bytes at the file's beginning that are there without a gap. */
  get prefix(): number {
    const [first] = this.#ranges;
    return first?.from === 0 ? first.to : 0;
  }

  add(from: number, to: number): void {
    if (to <= from) return;
    const apart = this.#ranges.filter((range) => range.to < from || range.from > to);
    const touching = this.#ranges.filter((range) => !apart.includes(range));
    const joined = {
      from: Math.min(from, ...touching.map((range) => range.from)),
      to: Math.max(to, ...touching.map((range) => range.to)),
    };
    this.#ranges = [...apart, joined].sort((one, other) => one.from - other.from);
  }

  clear(): void {
    this.#ranges = [];
  }

  /** The parts of a file of that size that are not there, in pieces of so many bytes at most. */
  missing(size: number, piece: number): ClosedRange[] {
    const gaps: ClosedRange[] = [];
    let position = 0;
    for (const { from, to } of [...this.#ranges, { from: size, to: size }]) {
      for (; position < Math.min(from, size); position = Math.min(position + piece, from, size))
        gaps.push({ from: position, to: Math.min(position + piece, from, size) });
      position = Math.max(position, to);
    }
    return gaps;
  }
}
