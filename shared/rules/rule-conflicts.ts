import type { SchemaIssue } from "../errors/schema-issues.ts";

/** The parts of a rule that exclude each other. */
interface CheckedRule {
  readonly when: {
    readonly from: "guest" | "host";
    readonly endpoint?: string | readonly string[] | undefined;
    readonly message?: unknown;
    readonly stream?: unknown;
    readonly status?: unknown;
  };
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

type Conflict = Pick<SchemaIssue, "path" | "message">;

function conflict(path: Conflict["path"], message: string): Conflict {
  return { path, message };
}

/** The keys of a step that give a body. */
const bodyKeys = ["text", "json", "base64"] as const;

/** The steps that a shell's message can have. */
const shellSteps = ["hold", "edit", "delay", "split", "cut", "drop", "repeat"];

/** The conflicts between the parts of a rule, each of which is valid by itself. */
export function ruleConflicts({ when, steps }: CheckedRule): readonly Conflict[] {
  const found: Conflict[] = [];
  const isOfShell = when.message !== undefined || when.stream !== undefined;
  if (isOfShell && when.status !== undefined)
    found.push(conflict(["when", "status"], "must not be there: a shell's message has no status"));
  if (when.from === "guest" && when.status !== undefined)
    found.push(conflict(["when", "status"], "needs from: host, because only a response has a status"));
  for (const [index, step] of steps.entries()) {
    const [name = ""] = Object.keys(step);
    const message = stepConflict(name, when, isOfShell);
    if (message !== undefined) found.push(conflict(["steps", index, name], message));
    const edit = step[name];
    if (typeof edit === "object" && edit !== null && bodiesIn(edit) > 1)
      found.push(conflict(["steps", index, name], "must have only one of text, json and base64"));
    if (typeof edit === "object" && edit !== null) found.push(...bodyConflicts(edit, ["steps", index, name]));
  }
  return found;
}

function stepConflict(name: string, when: CheckedRule["when"], isOfShell: boolean): string | undefined {
  if (isOfShell && !shellSteps.includes(name))
    return `can't be done to a shell's message: use ${shellSteps.join(", ")}`;
  if (name === "answer" && when.from === "host") return "answers requests only: use edit for a response";
  if (name === "repeat" && !isOfShell && !(when.from === "host" && when.endpoint === "poll"))
    return "repeats a response to poll, or a shell's message";
  return undefined;
}

/** The responses that have no body by RFC 9110: Node sends none. */
export const statusesWithoutBody: readonly number[] = [204, 304];

/** @param path of the edit or the answer */
function bodyConflicts(edit: object, path: Conflict["path"]): readonly Conflict[] {
  const status: unknown = Reflect.get(edit, "status");
  if (typeof status !== "number" || !statusesWithoutBody.includes(status)) return [];
  return bodyKeys
    .filter((key) => bodyOf(edit, key) !== undefined && bodyOf(edit, key) !== "")
    .map((key) =>
      conflict([...path, key], `must not be there: a response with status ${status} has no body`),
    );
}

function bodiesIn(edit: object): number {
  return bodyKeys.filter((key) => bodyOf(edit, key) !== undefined).length;
}

function bodyOf(edit: object, key: (typeof bodyKeys)[number]): unknown {
  return Reflect.get(edit, key);
}
