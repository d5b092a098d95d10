import { LineCounter } from "yaml";
import { AppError } from "../errors/errors.ts";
import { describeIssuesOf } from "../errors/issue-lines.ts";
import { schemaIssues } from "../errors/schema-issues.ts";
import { parseYaml } from "../text/yaml-text.ts";
import { type Scenario, scenarioSchema } from "./scenario.ts";

/** A scenario file over this many bytes is refused. */
export const maximumScenarioBytes = 1024 * 1024;

/**
 * Reads the text of a scenario file.
 *
 * @param source the origin of the text, for the error's message
 * @throws AppError `invalid-scenario` whose details are all issues: line, key and requirement
 */
export function parseScenario(text: string, source: string): Scenario {
  const lines = new LineCounter();
  const { value, problem } = parseYaml(text, lines);
  if (problem) {
    const { line, col } = lines.linePos(problem.position);
    throw invalidScenario(source, [`line ${line}, column ${col}: ${problem.message}`]);
  }
  const result = scenarioSchema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalidScenario(source, describeIssuesOf(text, schemaIssues(result.error, value)));
}

function invalidScenario(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-scenario",
    message: `${source} is not a valid scenario`,
    advice: "Correct the listed issues.",
    details,
  });
}
