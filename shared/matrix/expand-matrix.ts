import { type AxisName, type AxisValue, axisNames, findValue, type Selection } from "./axes.ts";
import type { Matrix, MatrixTools } from "./matrix-schema.ts";

/** The values of a cell; without one of an axis, the recipe's. */
export interface CellValues {
  readonly machine?: AxisValue<string>;
  readonly guestTools?: AxisValue<MatrixTools>;
  readonly size?: AxisValue<number>;
  readonly memory?: AxisValue<number>;
  readonly variables?: AxisValue<Readonly<Record<string, string>>>;
}

/** The name of a cell in its set whose matrix has no axes. */
const onlyCell = "worker";

/**
 * The cells of a matrix: all combinations of the axes' values, without those that `exclude` selects, and then those of `include`.
 *
 * @param isSelected whether an item of exclude or include is about this set
 */
export function expandMatrix(
  matrix: Matrix,
  isSelected: (selection: Selection) => boolean = () => true,
): readonly CellValues[] {
  const excluded = matrix.exclude.filter(isSelected);
  const all = axisNames.reduce<readonly CellValues[]>(
    (cells, axis) => {
      const values = matrix[axis];
      return values ? cells.flatMap((cell) => values.map((value) => ({ ...cell, [axis]: value }))) : cells;
    },
    [{}],
  );
  const kept = all.filter((cell) => !excluded.some((selection) => hasValues(cell, selection)));
  const added = matrix.include.filter(isSelected).map((selection) => cellOf(matrix, selection));
  return [...kept, ...added];
}

/** Whether a cell has all the values of a selection. */
function hasValues(cell: CellValues, selection: Selection): boolean {
  return axisNames.every((axis) => {
    const wanted = selection[axis];
    return wanted === undefined || cell[axis]?.name === `${wanted}` || cell[axis]?.value === wanted;
  });
}

/** The cell of an item of include. Its memory and size need not be values of an axis. */
function cellOf(matrix: Matrix, selection: Selection): CellValues {
  const value = (axis: AxisName, wanted: string | number) =>
    findValue(matrix, axis, wanted) ?? { name: axis === "size" ? `${wanted}G` : `${wanted}`, value: wanted };
  return Object.fromEntries(
    axisNames.flatMap((axis) => {
      const wanted = selection[axis];
      return wanted === undefined ? [] : [[axis, value(axis, wanted)]];
    }),
  );
}

/** The name of a cell in its set: the names of its values. */
export function cellName(cell: CellValues): string {
  const names = axisNames.flatMap((axis) => cell[axis]?.name ?? []);
  return names.length === 0 ? onlyCell : names.join("-");
}
