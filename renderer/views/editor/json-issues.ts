import { getNodeValue, type Node, parseTree } from "jsonc-parser";
import { describeIssue, type SchemaIssue } from "../../../shared/errors/schema-issues.ts";
import { type TextIssue, wordAt } from "../../../shared/errors/text-issue.ts";
import { readJson } from "../../../shared/text/json-text.ts";
import { findNode } from "./machine/json-edit.ts";

/**
 * All problems in a JSON text, each with its place. The readable part of a text that can't be read to its end is checked, too.
 *
 * @param check finds those of the value
 */
export function jsonIssues(
  text: string,
  check: (value: unknown) => readonly SchemaIssue[],
): readonly TextIssue[] {
  const { value, issues } = readJson(text);
  const broken = issues.map(({ position, message }) => ({ ...wordAt(text, position), message }));
  const root = parseTree(text);
  if (!root) return broken;
  const wrong = check(value ?? getNodeValue(root))
    // The missing part of a broken text may be after the place where reading ends.
    .filter((issue) => value !== undefined || issue.value !== undefined)
    .map((issue) => ({ ...findPlace(root, issue), message: describeIssue(issue) }));
  return [...broken, ...wrong].sort((one, other) => one.from - other.from);
}

/** The key, when that is wrong; else the value; where it is missing, the bracket of what should have it. */
function findPlace(root: Node, { path, value, isAboutKey }: SchemaIssue): Pick<TextIssue, "from" | "to"> {
  const node = findNode(root, path);
  if (!node || value === undefined) return placeOf(nearestNode(root, path.slice(0, -1)), 1);
  if (isAboutKey) return placeOf(node.parent?.children?.[0] ?? node);
  // An object as a whole is better pointed at than painted over.
  return placeOf(node, node.type === "object" && path.length === 0 ? 1 : node.length);
}

function nearestNode(root: Node, path: SchemaIssue["path"]): Node {
  return findNode(root, path) ?? nearestNode(root, path.slice(0, -1));
}

function placeOf({ offset, length }: Node, shown = length): Pick<TextIssue, "from" | "to"> {
  return { from: offset, to: offset + Math.min(shown, length) };
}
