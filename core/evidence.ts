import { AppError } from "../shared/errors.ts";
import { lastLines } from "./files.ts";
import type { SessionPaths } from "./paths.ts";

const shownLines = 15;

/** Adds to an error what the guest said last, and where the rest is. */
export function withEvidence(error: AppError, files: SessionPaths): AppError {
  const evidence = [
    ...section("Last lines of the serial console:", files.serialLog),
    ...section("Last lines of the guest's log:", files.taskLog),
    `All logs: ${files.folder}`,
  ];
  return new AppError({ ...error.toJSON(), details: [...error.details, ...evidence] }, { cause: error });
}

function section(title: string, file: string): readonly string[] {
  const lines = lastLines(file, shownLines);
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
