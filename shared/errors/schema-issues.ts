import { z } from "zod";
import { excerpt } from "../text/excerpt.ts";
import { nearestName } from "../text/nearest-name.ts";

/** One thing that is wrong in a value that a person wrote. */
export interface SchemaIssue {
  /** The keys that lead to the value; empty for the value as a whole. */
  readonly path: readonly (string | number)[];
  /** The value that was found; undefined when it is missing. */
  readonly value: unknown;
  /** The requirement that the value misses, as in "must be a text". */
  readonly message: string;
  /** It is the last key that is wrong, and not the value. */
  readonly isAboutKey?: true;
}

/** A schema for one of the named values; its message lists them, and guesses which one was meant. */
export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  const rule = `must be ${values.length === 1 ? "" : "one of "}${values.join(", ")}`;
  return z.enum(values, { error: ({ input }) => rule + guess(input, values) });
}

/** A schema for a whole number from 1 on. A number that is wrong in two ways gets one message. */
export function wholeNumber(maximum: number, unit = "") {
  const error = `must be a whole number${unit} from 1 to ${maximum}`;
  return z.int({ error, abort: true }).min(1, { error }).max(maximum, { error });
}

/** Guessing costs time, and a hostile object has as many unknown keys as it likes. */
const maximumGuesses = 20;

/** A schema for an object with exactly these keys, those of optional values aside. @param rule for all else */
export function strictObject<Shape extends z.core.$ZodShape>(shape: Shape, rule = "must be an object") {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    // A line for each unknown key; `schemaIssues` makes each an issue of its own.
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys
            .slice(0, maximumGuesses)
            .map((key) => unknownKey(key, known))
            .join("\n")
        : rule,
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key${guess(key, known) || `; known are ${known.join(", ")}`}`;
}

/** The question whether a known name was meant, to follow a message; empty when none is near. */
export function guess(word: unknown, known: readonly string[]): string {
  const nearest = typeof word === "string" ? nearestName(word, known) : undefined;
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

/** All issues that a schema of the above found in a value. */
export function schemaIssues(error: z.ZodError, root: unknown): SchemaIssue[] {
  return error.issues.flatMap(({ path: keys, message, ...issue }) => {
    const path = keys.map((key) => (typeof key === "number" ? key : String(key)));
    if (issue.code !== "unrecognized_keys") return [{ path, value: valueAt(root, path), message }];
    const messages = message.split("\n");
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      value: valueAt(root, [...path, key]),
      message: messages[index] ?? "unknown key",
      isAboutKey: true,
    }));
  });
}

function valueAt(root: unknown, path: SchemaIssue["path"]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

/** One line with the place, the value that was found, and the requirement. */
export function describeIssue({ path, value, message }: SchemaIssue): string {
  if (path.length === 0) return message;
  const place = path.map((key) => excerpt(String(key)) || '""').join(".");
  return `${place} is ${describeValue(value)}: ${message}`;
}

/** A hostile text can have any number of issues; nobody reads more than these. */
export const maximumIssues = 100;

/** A line for each issue, of those that read alike one, and a last one for those beyond the first hundred. */
export function describeIssues(issues: readonly SchemaIssue[]): string[] {
  const hidden = issues.length - maximumIssues;
  const lines = [...new Set(issues.slice(0, maximumIssues).map(describeIssue))];
  return hidden > 0 ? [...lines, `and ${hidden} more`] : lines;
}

function describeValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? `"${excerpt(value)}"` : String(value);
}
