import { AppError } from "../../shared/errors/errors.ts";

/** The calls that start a session, whose answer is its id. */
const starts: Readonly<Record<string, string>> = {
  "builds.start": "build",
  "builds.install": "build",
  "runs.start": "run",
};

/** The error of a call whose answer was lost with the connection. @param path the names that lead to the call's procedure */
export function connectionLost(path: readonly string[]): AppError {
  const started = starts[path.join(".")];
  return new AppError({
    code: "interrupted",
    message: "the connection to Tinsmith was lost before the answer arrived",
    advice: started
      ? `Tinsmith reconnects by itself. The ${started} may have begun: look in Sessions.`
      : "Tinsmith reconnects by itself. Then try again.",
  });
}
