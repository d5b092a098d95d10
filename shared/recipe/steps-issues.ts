import { schemaIssues } from "../errors/schema-issues.ts";
import type { TextIssue } from "../errors/text-issue.ts";
import { yamlIssues } from "../errors/yaml-issues.ts";
import { stepsFileSchema } from "./steps-file.ts";

/** All problems in the text of a steps file, each with its place: exactly those for which `parseStepsFile` refuses it. */
export function stepsIssues(text: string): readonly TextIssue[] {
  return yamlIssues(text, (value) => {
    const { error } = stepsFileSchema.safeParse(value ?? {});
    return error ? schemaIssues(error, value) : [];
  });
}
