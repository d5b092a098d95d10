import { type Document, isMap, isNode, isScalar } from "yaml";
import { parseYaml } from "../text/yaml-text.ts";
import { describeIssue, type SchemaIssue } from "./schema-issues.ts";
import { type TextIssue, wordAt } from "./text-issue.ts";

/**
 * All problems in a YAML text, each with its place.
 *
 * @param check finds those of the value; an empty text is an empty object
 */
export function yamlIssues(
  text: string,
  check: (value: unknown) => readonly SchemaIssue[],
): readonly TextIssue[] {
  const { document, value, problem } = parseYaml(text);
  if (problem) return [{ ...wordAt(text, problem.position), message: problem.message }];
  return check(value ?? {}).map((issue) => ({
    ...findPlace(document, issue, text),
    message: describeIssue(issue),
  }));
}

/** The key, when that is wrong; else the value; where it is missing, the key of what should have it. */
function findPlace(document: Document, { path, value, isAboutKey }: SchemaIssue, text: string) {
  const place = isAboutKey ? placeOfKey(document, path) : placeOfValue(document, path);
  if (place && (value !== undefined || path.length === 0)) return place;
  const owner = path.slice(0, -1);
  return place ?? placeOfKey(document, owner) ?? placeOfValue(document, owner) ?? wordAt(text, 0);
}

function placeOfValue(document: Document, path: SchemaIssue["path"]) {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? placeOf(node) : undefined;
}

function placeOfKey(document: Document, path: SchemaIssue["path"]) {
  const owner = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(owner)
    ? owner.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
    : undefined;
  return isNode(pair?.key) ? placeOf(pair.key) : undefined;
}

/** Without the space and comments that come after it. */
function placeOf({ range }: { readonly range?: readonly [number, number, number] | null | undefined }) {
  return range ? { from: range[0], to: range[1] } : undefined;
}
