import type { TextIssue } from "../../../../shared/errors/text-issue.ts";
import { machineIssues } from "../../../../shared/machine/machine.ts";
import { jsonIssues } from "../json-issues.ts";

/** All problems in the text of a machine definition, each with its place: exactly those for which `parseMachine` refuses it. */
export function machineTextIssues(text: string): readonly TextIssue[] {
  return jsonIssues(text, machineIssues);
}
