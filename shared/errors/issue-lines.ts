import { LineCounter } from "yaml";
import { lineAt, parseYaml } from "../text/yaml-text.ts";
import { describeIssue, describeIssues, maximumIssues, type SchemaIssue } from "./schema-issues.ts";

/** A line for each issue of a YAML text, with the number of the line that it is about. */
export function describeIssuesOf(text: string, issues: readonly SchemaIssue[]): readonly string[] {
  const lines = new LineCounter();
  const { document } = parseYaml(text, lines);
  if (!document) return describeIssues(issues);
  const described = issues.slice(0, maximumIssues).map((issue) => {
    return `line ${lineAt(document, issue.path, lines)}: ${describeIssue(issue)}`;
  });
  const hidden = issues.length - described.length;
  const unique = [...new Set(described)];
  return hidden > 0 ? [...unique, `and ${hidden} more`] : unique;
}
