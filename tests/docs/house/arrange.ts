import type { Imports, Room } from "./read-house.ts";

/** How many of the other rooms import one that is called the floor. */
const nearlyAll = 0.8;

/** A wing's rooms from top to bottom. */
export interface Arrangement {
  readonly order: readonly Room[];
  /** Names of those at the bottom that nearly all others import: arrows to them would say little. */
  readonly floor: ReadonlySet<string>;
}

/** Puts those who import above those whom they import, as far as that goes. */
export function arrange(rooms: readonly Room[], imports: readonly Imports[]): Arrangement {
  const isFloor = ({ name }: Room) =>
    rooms.length > 2 && imports.filter(({ to }) => to === name).length >= nearlyAll * (rooms.length - 1);
  const floor = rooms.filter(isFloor);
  const upper = bestOrder(
    rooms.filter((one) => !isFloor(one)),
    imports,
  );
  return { order: [...upper, ...floor], floor: new Set(floor.map(({ name }) => name)) };
}

/** Moves one room at a time, as long as fewer files then import upward. */
function bestOrder(rooms: readonly Room[], imports: readonly Imports[]): readonly Room[] {
  const upward = (order: readonly Room[]) => {
    const row = new Map(order.map(({ name }, index) => [name, index]));
    const isUpward = ({ from, to }: Imports) => (row.get(from) ?? 0) > (row.get(to) ?? Infinity);
    return imports.filter(isUpward).reduce((sum, { files }) => sum + files, 0);
  };
  let best = rooms;
  for (let isBetter = true; isBetter; ) {
    const moved = best.flatMap((room, from) =>
      best.map((_, to) => best.toSpliced(from, 1).toSpliced(to, 0, room)),
    );
    const [next = best] = moved.toSorted((a, b) => upward(a) - upward(b));
    isBetter = upward(next) < upward(best);
    if (isBetter) best = next;
  }
  return best;
}
