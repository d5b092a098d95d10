import { createLogUpdate } from "log-update";

/** The size of a terminal that does not know its own, in characters, such as one that `script` makes for a job. */
const usualSize = { columns: 80, rows: 24 };

type Size = { -readonly [Side in keyof typeof usualSize]: number };

/** Gives a terminal whose size is 0 the usual one: in no columns, each character has a line of its own. */
export function requireSize(terminal: Partial<Size>): void {
  for (const side of ["columns", "rows"] as const) if (terminal[side] === 0) terminal[side] = usualSize[side];
}

/** Lines at the end of the terminal on stderr, which change in place. */
export function createLines(): ReturnType<typeof createLogUpdate> {
  requireSize(process.stderr);
  return createLogUpdate(process.stderr);
}
