import { buildSteps } from "../../../shared/session/build.ts";
import { formatCount, formatTimeOfDay } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { buildRows, isContinued } from "./build-rows.ts";
import type { BuildView } from "./build-view.ts";

/** A build's log as a file: its steps, and below each all lines with their times and sources, also those that are folded. */
export function textOfBuildLog(view: BuildView): string {
  const unfolded = new Map(view.lines.map(({ number }) => [number, true]));
  const lines = buildRows(view, unfolded).map((row) => {
    if (row.kind === "step") return `\n== ${buildSteps[row.step.step]}`;
    const { time, from, text } = row.line;
    if (isContinued(row)) return text;
    const source = from === "command" ? "$" : from;
    return `\n${formatTimeOfDay(time)} ${source.padEnd(5)} ${stripControls(text)}`;
  });
  const missing = formatCount(view.dropped, "line is", "lines are");
  if (view.dropped > 0) lines.unshift(`\nThe first ${missing} only in the session's files.`);
  return lines.length > 0 ? `${lines.join("")}\n`.slice(1) : "";
}
