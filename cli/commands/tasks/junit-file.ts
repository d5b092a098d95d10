import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { requireRegularFile, statusOf } from "../../../core/files/regular-file.ts";
import { replaceFile } from "../../../core/files/writing/replace-file.ts";
import { junitReport } from "../../../core/scenario/junit.ts";
import type { ScenarioRun } from "../../../core/scenario/run-scenario.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import type { BrokenRun } from "../../../shared/scenario/scenario-result.ts";

type WriteReport = (...report: Parameters<typeof junitReport>) => void;

/**
 * Makes sure, before the first run, that the results can be written to a file in JUnit's form: writes that the runs have not
 * ended, which is also what a command that is killed leaves.
 *
 * @param runs all, of which there is at least one
 * @returns writes the file. @throws AppError that names the file
 */
export function prepareJunitFile(given: string, runs: readonly ScenarioRun[]): WriteReport {
  const path = resolve(given);
  const write: WriteReport = (...report) => replaceFile(path, () => junitReport(...report));
  try {
    requireOwnFile(path, runs);
    const [first] = runs;
    if (first) write([], brokenRun(first, unended()));
  } catch (thrown) {
    const { code, message, advice } = toAppError(thrown);
    throw new AppError(
      { code, message: `the results can't be written to ${given}: ${message}`, advice },
      { cause: thrown },
    );
  }
  return write;
}

/** A run that has ended with an error. */
export function brokenRun({ file, scenario, seed }: ScenarioRun, error: AppError): BrokenRun {
  return { file, name: scenario.name, seed, error: error.toJSON() };
}

/** Refuses anything else than a file, and the scenarios' own files. */
function requireOwnFile(path: string, runs: readonly ScenarioRun[]): void {
  if (!statusOf(path)) return;
  requireRegularFile(path, { advice: "Give --junit the name of a file, such as results.xml." });
  const target = realpathSync(path);
  if (!runs.some(({ file }) => realpathSync(file) === target)) return;
  throw new AppError({
    code: "usage",
    message: "it is one of the scenarios",
    advice: "Give --junit another name, such as results.xml.",
  });
}

function unended(): AppError {
  return new AppError({ code: "interrupted", message: "the command was killed before its runs had ended" });
}
