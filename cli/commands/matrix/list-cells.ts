import type { CellRecord } from "../../../core/matrix/matrix-record.ts";
import type { MatrixCell } from "../../../core/matrix/read-matrix.ts";
import { axisNames } from "../../../shared/matrix/axes.ts";
import { formatAge } from "../../../shared/text/format.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { printJson, printList } from "../../support/print.ts";

interface ListOptions {
  readonly recipe?: string;
  readonly json?: boolean;
  /** The last builds, by the names of the cells. */
  readonly records: Readonly<Record<string, CellRecord>>;
}

/** Prints the cells, one a line: with their last builds and archives, or as JSON with the command that builds one. */
export function listCells(cells: readonly MatrixCell[], { recipe, json, records }: ListOptions): void {
  if (json) {
    for (const cell of cells) printJson(describeForProgram(cell, records[cell.name], recipe));
    return;
  }
  const width = cells.reduce((most, { name }) => Math.max(most, name.length), 0);
  const now = Date.now();
  printList(cells, {
    describe: ({ name, output }) =>
      `${name.padEnd(width)}  ${describeRecord(records[name], now).padEnd(recordWidth)}  ${output}`,
    none: "There are no such cells.",
  });
}

/** Characters of the longest usual description: "succeeded 59 min ago". */
const recordWidth = 20;

function describeRecord(record: CellRecord | undefined, now: number): string {
  if (!record) return "not built yet";
  const isUnfinished = record.status === "waiting" || record.status === "running";
  return `${isUnfinished ? "unfinished" : record.status.replaceAll("-", " ")} ${formatAge(now - record.time)}`;
}

/** A cell for programs, with one command that builds it: on this host, or in a copy of the folder on another. */
function describeForProgram(
  { name, set, values, imageSet, output }: MatrixCell,
  record: CellRecord | undefined,
  recipe: string | undefined,
): object {
  const argv = [
    "tinsmith",
    "matrix",
    ...(recipe === undefined ? [] : ["--recipe", recipe]),
    "--only",
    `cell=${name}`,
  ];
  const named = axisNames.flatMap((axis) => {
    const value = values[axis];
    return value ? [[axis, axis === "size" || axis === "memory" ? value.value : value.name]] : [];
  });
  return {
    ...{ cell: name, set, ...Object.fromEntries(named), folder: imageSet.folder, output },
    command: argv.map(quoteForShell).join(" "),
    ...(record && { last: record }),
  };
}
