/**
 * A list that grows at its end and loses its beginning. It never changes: the next one shares with it all pieces in which
 * nothing has changed, so that a change costs as little in a long list as in a short one.
 */
export interface LongList<Item> {
  readonly pieces: readonly (readonly Item[])[];
  /** The position of the first item of each piece. */
  readonly starts: readonly number[];
  readonly length: number;
  /** How many items were before these, and are dropped. */
  readonly dropped: number;
  /** @returns undefined where there is none */
  at(position: number): Item | undefined;
}

/** How many items a list keeps at most, and about how many fewer it has when it had more. */
export interface ListLimits {
  readonly kept: number;
  readonly dropped: number;
}

/** A list while it is changed. */
export interface ListDraft<Item> {
  readonly length: () => number;
  at(position: number): Item | undefined;
  add(item: Item): void;
  /** Puts an item in the place of another. */
  set(position: number, item: Item): void;
}

/** Items of a piece, which is copied when one of them changes. */
const pieceLength = 512;

/** The list of the items of some pieces. @param dropped how many were before these */
export function listOfPieces<Item>(pieces: readonly (readonly Item[])[], dropped = 0): LongList<Item> {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.length;
  }
  return { pieces, starts, length, dropped, at: (position) => itemAt(pieces, starts, position) };
}

export function listOf<Item>(items: readonly Item[]): LongList<Item> {
  return changeList(listOfPieces<Item>([]), ({ add }) => items.forEach(add));
}

/** Its items as an array, for rare operations. */
export function itemsOf<Item>({ pieces }: LongList<Item>): readonly Item[] {
  return pieces.flat();
}

/** The list after some changes, which copy each piece that they touch once. */
export function changeList<Item>(
  list: LongList<Item>,
  change: (draft: ListDraft<Item>) => void,
  limits?: ListLimits,
): LongList<Item> {
  const pieces = [...list.pieces];
  const starts = [...list.starts];
  let { length } = list;
  const copies = new Map<number, Item[]>();
  const copyOf = (index: number) => {
    const copy = copies.get(index) ?? [...(pieces[index] ?? [])];
    copies.set(index, copy);
    pieces[index] = copy;
    return copy;
  };
  change({
    length: () => length,
    at: (position) => itemAt(pieces, starts, position),
    add: (item) => {
      const last = pieces.length - 1;
      const isFull = (pieces[last]?.length ?? pieceLength) >= pieceLength;
      if (isFull) starts.push(length);
      copyOf(isFull ? last + 1 : last).push(item);
      length += 1;
    },
    set: (position, item) => {
      const index = pieceAt(starts, position);
      copyOf(index)[position - (starts[index] ?? 0)] = item;
    },
  });
  if (copies.size === 0) return list;
  return withoutBeginning(listOfPieces(pieces, list.dropped), limits);
}

/** Whole pieces are dropped: none is copied for that. */
function withoutBeginning<Item>(list: LongList<Item>, limits: ListLimits | undefined): LongList<Item> {
  if (!limits || list.length <= limits.kept) return list;
  const surplus = list.length - limits.kept + limits.dropped;
  const count = list.starts.findIndex((start) => start >= surplus);
  if (count < 0) return list;
  return listOfPieces(list.pieces.slice(count), list.dropped + (list.starts[count] ?? 0));
}

/** The position of the first item, of those in order, for which a condition does not hold any more. */
export function findEnd<Item>(
  length: number,
  at: (position: number) => Item | undefined,
  holds: (item: Item) => boolean,
): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = at(middle);
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function itemAt<Item>(
  pieces: readonly (readonly Item[])[],
  starts: readonly number[],
  position: number,
): Item | undefined {
  const index = pieceAt(starts, position);
  return pieces[index]?.[position - (starts[index] ?? 0)];
}

function pieceAt(starts: readonly number[], position: number): number {
  return (
    findEnd(
      starts.length,
      (index) => starts[index],
      (start) => start <= position,
    ) - 1
  );
}
