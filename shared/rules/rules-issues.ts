import { schemaIssues } from "../errors/schema-issues.ts";
import type { TextIssue } from "../errors/text-issue.ts";
import { yamlIssues } from "../errors/yaml-issues.ts";
import { rulesFileSchema } from "./rules-file.ts";

/** All problems in the text of a file of rules, each with its place: exactly those for which `parseRules` refuses it. */
export function rulesIssues(text: string): readonly TextIssue[] {
  return yamlIssues(text, (value) => {
    const { error } = rulesFileSchema.safeParse(value);
    return error ? schemaIssues(error, value) : [];
  });
}
