import { schemaIssues } from "../errors/schema-issues.ts";
import type { TextIssue } from "../errors/text-issue.ts";
import { yamlIssues } from "../errors/yaml-issues.ts";
import { scenarioSchema } from "./scenario.ts";

/** All problems in the text of a scenario, each with its place: exactly those for which `parseScenario` refuses it. */
export function scenarioIssues(text: string): readonly TextIssue[] {
  return yamlIssues(text, (value) => {
    const { error } = scenarioSchema.safeParse(value);
    return error ? schemaIssues(error, value) : [];
  });
}
