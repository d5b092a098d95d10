/** Rows of a block, whose differences are added up once. */
const blockRows = 256;

interface Block {
  sum: number;
  readonly differences: Float64Array;
}

/**
 * The places of rows below each other, most of which have the usual height: only other heights are kept. A row is
 * known by its number, from 0, and a place is counted from the top of row 0: neither changes when the rows before it
 * are dropped.
 */
export interface RowHeights {
  /** Pixels. */
  startOf(number: number): number;
  heightOf(number: number): number;
  /** The number of the row at a place; there is one at each. */
  rowAt(place: number): number;
  /** @returns by how much the row is higher than it was */
  set(number: number, height: number): number;
  /** All rows have the usual height again, but those before the given one: they are dropped, and take the same space. */
  reset(from: number): void;
  /** Forgets the heights of rows that are dropped, not their places. */
  dropBefore(number: number): void;
}

export function createRowHeights(usual: number): RowHeights {
  const blocks = new Map<number, Block>();
  /** The difference of the dropped rows from the usual height, all together. */
  let ofDropped = 0;
  const differenceOf = (number: number) =>
    blocks.get(Math.floor(number / blockRows))?.differences[number % blockRows] ?? 0;
  const startOf = (number: number) => {
    const wanted = Math.floor(number / blockRows);
    let start = number * usual + ofDropped;
    for (const [index, { sum }] of blocks) if (index < wanted) start += sum;
    for (const difference of blocks.get(wanted)?.differences.subarray(0, number % blockRows) ?? [])
      start += difference;
    return start;
  };
  return {
    startOf,
    heightOf: (number) => usual + differenceOf(number),
    rowAt: (place) => {
      // No row is less high than the usual one, so that it is not behind this one.
      let [low, high] = [0, Math.max(0, Math.floor((place - ofDropped) / usual)) + 1];
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (startOf(middle) <= place) low = middle;
        else high = middle;
      }
      return low;
    },
    set: (number, height) => {
      const change = Math.max(usual, height) - usual - differenceOf(number);
      if (change === 0) return 0;
      const index = Math.floor(number / blockRows);
      const block = blocks.get(index) ?? { sum: 0, differences: new Float64Array(blockRows) };
      blocks.set(index, block);
      block.sum += change;
      block.differences[number % blockRows] = Math.max(usual, height) - usual;
      return change;
    },
    reset: (from) => {
      ofDropped = startOf(from) - from * usual;
      blocks.clear();
    },
    dropBefore: (number) => {
      for (const [index, { sum }] of blocks) {
        if ((index + 1) * blockRows > number) continue;
        ofDropped += sum;
        blocks.delete(index);
      }
    },
  };
}
