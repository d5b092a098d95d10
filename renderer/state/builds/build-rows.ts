import { buildSteps, type StepState } from "../../../shared/session/build.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import type { BuildView, CommandEnd, LogLine } from "./build-view.ts";

/** A row of a build's log as it is shown. Later rows have higher numbers. */
export type LogRow =
  /** The beginning of a step. */
  | { readonly kind: "step"; readonly number: number; readonly index: number; readonly step: StepState }
  | {
      readonly kind: "command";
      readonly number: number;
      readonly line: LogLine;
      /** Undefined while it runs. */
      readonly end: CommandEnd | undefined;
      readonly isOpen: boolean;
    }
  | { readonly kind: "line"; readonly number: number; readonly line: LogLine };

/** Commands whose output a person has folded or unfolded, by the commands' numbers. */
export type Folds = ReadonlyMap<number, boolean>;

/**
 * The rows of a build's log: its steps, and below each its messages. The output of commands that went well is folded.
 */
export function buildRows({ build, lines, stepNumbers, ends }: BuildView, folds: Folds): readonly LogRow[] {
  const rows: LogRow[] = [];
  const isOpen = (command: number) => folds.get(command) ?? !endedWell(ends.get(command));
  let index = 0;
  const addSteps = (until: number) => {
    for (; index < stepNumbers.length; index += 1) {
      const number = stepNumbers[index] ?? 0;
      const step = build.steps[index];
      if (number > until) return;
      if (step) rows.push({ kind: "step", number, index, step });
    }
  };
  for (const line of lines) {
    const { number, from, command } = line;
    addSteps(number);
    if (from === "command")
      rows.push({ kind: "command", number, line, end: ends.get(number), isOpen: isOpen(number) });
    else if (command === undefined || isOpen(command)) rows.push({ kind: "line", number, line });
  }
  addSteps(Number.POSITIVE_INFINITY);
  return rows;
}

function endedWell(end: CommandEnd | undefined): boolean {
  return end?.exit.status === 0;
}

/** The rows as they are copied: without their times and their sources. */
export function textOfRows(rows: readonly LogRow[]): string {
  return rows
    .map((row, index) => {
      const text = row.kind === "step" ? buildSteps[row.step.step] : stripControls(row.line.text);
      return index === 0 || isContinued(row) ? text : `\n${text}`;
    })
    .join("");
}

/** Whether a row is a further piece of a long line. */
export function isContinued(row: LogRow): boolean {
  return row.kind === "line" && row.line.isContinued === true;
}

/** The index of the step that a row belongs to; -1 before the first one. */
export function stepOfRow(stepNumbers: readonly number[], number: number): number {
  return stepNumbers.findLastIndex((start) => start <= number);
}

/** The place of the first row with that number, or of the one that took its place: rows fold, and old ones are dropped. */
export function placeOfRow(rows: readonly LogRow[], number: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.number ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
