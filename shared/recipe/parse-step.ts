import { describeIssues, schemaIssues } from "../errors/schema-issues.ts";
import { readYaml } from "../text/yaml-text.ts";
import { type InstallStep, installStepSchema } from "./install-step.ts";

/** A step, or all that is wrong with its text. */
type ParsedStep =
  | { readonly step: InstallStep; readonly issues?: undefined }
  | { readonly step?: undefined; readonly issues: readonly string[] };

/** Reads an install step as a recipe has it, such as `{wait: "login:"}`. */
export function parseStep(text: string): ParsedStep {
  const { value, issue } = readYaml(text);
  if (issue !== undefined) return { issues: [issue] };
  const { data, error } = installStepSchema.safeParse(value);
  return data ? { step: data } : { issues: describeIssues(schemaIssues(error, value)) };
}
