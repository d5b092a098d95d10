import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { stripControls } from "../../shared/text/strip-controls.ts";
import type { Verdict } from "../../shared/watch/watch.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/** Marks the lines before the compiler's in the details of a command's error. */
const commandLine = /^command: /;

/** The verdict on guest tools that can't be built: it has the compiler's lines. */
export function verdictOfTools(thrown: unknown): Verdict {
  const error = toAppError(thrown);
  const verdict = verdictOfError(error);
  return {
    ...verdict,
    text: `the guest tools can't be built: ${verdict.text}`,
    lines: error.details.filter((line) => !commandLine.test(line)),
  };
}

/** An error as a verdict. @param session the session that it ended */
export function verdictOfError(thrown: unknown, session?: string, paths?: Paths): Verdict {
  const { message, details, advice } = toAppError(thrown);
  return {
    outcome: "failed",
    text: withoutLine(message, details),
    lines: details.length === 0 && advice ? [advice] : details,
    session,
    ...(session !== undefined && paths && { log: sessionPaths(paths, session).folder }),
  };
}

/** A message without the line at its end that the lines below it have, too. */
function withoutLine(message: string, lines: readonly string[]): string {
  const ends = lines.map((line) => `: ${stripControls(line).trim()}`);
  const end = ends.find((text) => text.length > 2 && message.endsWith(text));
  return end === undefined ? message : message.slice(0, -end.length);
}

/** The reason with which a part of a round ends that a person has stopped. */
export function stoppedByPerson(): AppError {
  return new AppError({ code: "interrupted", message: "stopped by a person" });
}
