import type { Folder, Imports } from "./read-architecture.ts";

/** How many of the other folders import one that is called the floor. */
const nearlyAll = 0.8;

/** A folder's folders from top to bottom. */
export interface Arrangement {
  readonly order: readonly Folder[];
  /** Names of those at the bottom that nearly all others import: arrows to them would say little. */
  readonly floor: ReadonlySet<string>;
}

/** Puts those who import above those whom they import, as far as that goes. */
export function arrange(folders: readonly Folder[], imports: readonly Imports[]): Arrangement {
  const isFloor = ({ name }: Folder) =>
    folders.length > 2 && imports.filter(({ to }) => to === name).length >= nearlyAll * (folders.length - 1);
  const floor = folders.filter(isFloor);
  const upper = bestOrder(
    folders.filter((one) => !isFloor(one)),
    imports,
  );
  return { order: [...upper, ...floor], floor: new Set(floor.map(({ name }) => name)) };
}

/** Moves one folder at a time, as long as fewer files then import upward. */
function bestOrder(folders: readonly Folder[], imports: readonly Imports[]): readonly Folder[] {
  const upward = (order: readonly Folder[]) => {
    const row = new Map(order.map(({ name }, index) => [name, index]));
    const isUpward = ({ from, to }: Imports) => (row.get(from) ?? 0) > (row.get(to) ?? Infinity);
    return imports.filter(isUpward).reduce((sum, { files }) => sum + files, 0);
  };
  let best = folders;
  for (let isBetter = true; isBetter; ) {
    const moved = best.flatMap((folder, from) =>
      best.map((_, to) => best.toSpliced(from, 1).toSpliced(to, 0, folder)),
    );
    const [next = best] = moved.toSorted((a, b) => upward(a) - upward(b));
    isBetter = upward(next) < upward(best);
    if (isBetter) best = next;
  }
  return best;
}
