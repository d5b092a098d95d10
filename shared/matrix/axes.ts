/** The axes of a matrix, in the order in which the name of a cell has their values. */
export const axisNames = ["machine", "guestTools", "size", "memory", "variables"] as const;
export type AxisName = (typeof axisNames)[number];

/** A value of an axis. The name is a part of the names of cells. */
export interface AxisValue<Value> {
  readonly name: string;
  readonly value: Value;
}

/** The values of some axes, by their names; or a number that is a value. */
export type Selection = Readonly<Partial<Record<AxisName | "set", string | number | undefined>>>;

/** A matrix as far as its items of exclude and include depend on it. */
export interface Axes extends Readonly<Partial<Record<AxisName, readonly AxisValue<unknown>[] | undefined>>> {
  /** The folders of its image sets, if it has several. */
  readonly sets?: readonly string[];
  readonly exclude: readonly Selection[];
  readonly include: readonly Selection[];
}

/** The value of an axis that has this name, or is this number. */
export function findValue(
  matrix: Axes,
  axis: AxisName,
  wanted: string | number,
): AxisValue<unknown> | undefined {
  return matrix[axis]?.find(({ name, value }) => name === `${wanted}` || value === wanted);
}

/** The name of an image set, from the path of its folder. */
export function nameOfFolder(folder: string): string {
  return folder.replace(/\/+$/, "").split("/").at(-1) ?? folder;
}
