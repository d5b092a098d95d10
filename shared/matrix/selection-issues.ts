import { guess } from "../errors/schema-issues.ts";
import { limits } from "../limits.ts";
import { type Axes, axisNames, findValue, nameOfFolder, type Selection } from "./axes.ts";

/** A matrix with more cells is refused. */
export const maximumCells = 10_000;

interface SelectionIssue {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Finds values in `exclude` and `include` that no axis has, and a matrix with too many cells. */
export function selectionIssues(matrix: Axes): readonly SelectionIssue[] {
  const issues: SelectionIssue[] = [];
  for (const key of ["exclude", "include"] as const)
    for (const [index, selection] of matrix[key].entries())
      for (const [axis, message] of issuesOf(matrix, selection, key === "include"))
        issues.push({ path: [key, index, axis], message });
  const sets = matrix.sets?.length ?? 1;
  const count = axisNames.reduce((product, axis) => product * (matrix[axis]?.length ?? 1), sets);
  const rule = `must have at most ${maximumCells} cells: this one has ${count}`;
  return count + matrix.include.length > maximumCells ? [...issues, { path: [], message: rule }] : issues;
}

function* issuesOf(
  matrix: Axes,
  selection: Selection,
  isNew: boolean,
): Generator<[axis: string, message: string]> {
  if (selection.set !== undefined && matrix.sets) {
    const sets = matrix.sets.map(nameOfFolder);
    if (!sets.includes(`${selection.set}`))
      yield ["set", `must be an image set of this file${known(`${selection.set}`, sets)}`];
  }
  for (const axis of axisNames) {
    const wanted = selection[axis];
    if (wanted === undefined || findValue(matrix, axis, wanted)) continue;
    if (isNew && (axis === "memory" || axis === "size") && isNumber(wanted, axis)) continue;
    const names = (matrix[axis] ?? []).map(({ name }) => name);
    yield [axis, `must be a value of the axis ${axis}${known(`${wanted}`, names)}`];
  }
}

function known(word: string, names: readonly string[]): string {
  if (names.length === 0) return ", which this matrix does not have";
  return guess(word, names) || `; known are ${names.slice(0, 10).join(", ")}`;
}

function isNumber(value: string | number, axis: "memory" | "size"): boolean {
  const most = axis === "memory" ? limits.memory : limits.diskSize;
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
}
