import { excerpt } from "../text/excerpt.ts";
import { formatCount } from "../text/format.ts";
import type { ScenarioAction } from "./scenario-action.ts";

/** Names an action of a scenario. */
export function describeScenarioAction(action: ScenarioAction): string {
  if (action["list-folder"] !== undefined) return `list-folder ${action["list-folder"]}`;
  if (action["get-artifact"] !== undefined) return `get-artifact ${action["get-artifact"]}`;
  if (action.composed !== undefined) return `composed ${excerpt(action.composed, 100)}`;
  return action.shell === undefined ? "kill-process" : `shell ${action.shell.join(" ")}`.trimEnd();
}

/** Describes the answer that an action must have. */
export function describeAnswer({ expect }: ScenarioAction): string {
  const {
    files,
    lacks,
    content,
    text,
    bytes,
    sha256,
    headers = {},
    stderr,
    missing,
    result,
    error,
    within,
  } = expect;
  if (error !== undefined) return `ends with the error ${error}`;
  const parts = [
    missing === true && "finds nothing",
    files !== undefined && `has ${files.join(", ")}`,
    lacks !== undefined && `lacks ${lacks.join(", ")}`,
    content !== undefined && `is ${JSON.stringify(content)}`,
    text !== undefined && `has ${JSON.stringify(text)}`,
    bytes !== undefined && `has ${formatCount(bytes, "byte")}`,
    sha256 !== undefined && `has the SHA-256 ${sha256}`,
    ...Object.entries(headers).map(([name, value]) => `has the header ${name}: ${value}`),
    stderr !== undefined && `has the error output ${JSON.stringify(stderr)}`,
    result !== undefined && `ends with ${result}`,
    within !== undefined && `takes ${within} s at most`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "succeeds" : parts.join(", and ");
}
