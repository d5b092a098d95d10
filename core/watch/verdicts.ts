import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { Verdict } from "../../shared/watch/watch.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/** Marks the lines before the compiler's in the details of a command's error. */
const commandLine = /^command: /;

/** The verdict on guest tools that can't be built: it has the compiler's lines. */
export function verdictOfTools(thrown: unknown): Verdict {
  const error = toAppError(thrown);
  return {
    ...verdictOfError(error),
    text: `the guest tools can't be built: ${error.message}`,
    lines: error.details.filter((line) => !commandLine.test(line)),
  };
}

/** An error as a verdict. @param session the session that it ended */
export function verdictOfError(thrown: unknown, session?: string, paths?: Paths): Verdict {
  const { message, details, advice } = toAppError(thrown);
  return {
    outcome: "failed",
    text: message,
    lines: details.length === 0 && advice ? [advice] : details,
    session,
    ...(session !== undefined && paths && { log: sessionPaths(paths, session).folder }),
  };
}

/** The reason with which a part of a round ends that a person has stopped. */
export function stoppedByPerson(): AppError {
  return new AppError({ code: "interrupted", message: "stopped by a person" });
}
