import type { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { describeIssues, type SchemaIssue, schemaIssues } from "../errors/schema-issues.ts";
import { readJson } from "../text/json-text.ts";
import { machineSchemaVersion0, migrateVersion0 } from "./machine-migrate.ts";
import { machineSchema } from "./machine-schema.ts";

/**
 * The virtual hardware of an image: machine.json, version 1, with every default filled in. `threads`, `cores`,
 * `sockets` and `memory` (MiB) are absent when the definition leaves them to the host.
 */
export type Machine = Readonly<z.output<typeof machineSchema>>;

/** One thing that is wrong in a machine definition. */
export type MachineIssue = SchemaIssue;

/** A machine.json over this many bytes is refused, from a file or an archive. */
export const maximumMachineBytes = 1024 * 1024;

/**
 * Reads a machine definition of version 0 or 1.
 *
 * @param source the origin of the text, for the error's message
 * @throws AppError `invalid-machine` whose details are all issues, one line each
 */
export function parseMachine(text: string, source = "machine.json"): Machine {
  const { value, issues: jsonIssues } = readJson(text);
  const { machine, issues } = value === undefined ? { issues: [] } : readDefinition(value);
  const details = [
    ...jsonIssues.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`),
    ...describeIssues(issues),
  ];
  if (machine && details.length === 0) return machine;
  throw new AppError({
    code: "invalid-machine",
    message: `${source} is not a valid machine definition`,
    advice: "Correct the listed issues.",
    details,
  });
}

/** All problems of a definition of version 0 or 1, given as the value of its JSON; empty when it is valid. */
export function machineIssues(value: unknown): readonly MachineIssue[] {
  return readDefinition(value).issues;
}

/** The canonical text of a definition: version 1, all keys in a fixed order, two spaces, a final newline. */
export function formatMachine(machine: Machine): string {
  const values = new Map(Object.entries(machine));
  const ordered = Object.keys(machineSchema.shape).map((key) => [key, values.get(key)]);
  return `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`;
}

interface Reading {
  readonly machine?: Machine;
  readonly issues: readonly MachineIssue[];
}

function readDefinition(value: unknown): Reading {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { issues: [{ path: [], value, message: "a machine definition must be an object" }] };
  }
  if (Object.hasOwn(value, "version")) return readVersion1(value);
  const result = machineSchemaVersion0.safeParse(value);
  if (result.success) return readVersion1(migrateVersion0(result.data));
  return { issues: schemaIssues(result.error, value).map(hintAtVersion1) };
}

/** A key of version 1 in a text without a version: the version was forgotten. */
function hintAtVersion1(issue: MachineIssue): MachineIssue {
  const [key] = issue.path;
  const isNew = !Object.hasOwn(machineSchemaVersion0.shape, String(key));
  if (!isNew || !Object.hasOwn(machineSchema.shape, String(key))) return issue;
  return { ...issue, message: 'belongs to version 1: add "version": 1' };
}

function readVersion1(value: object): Reading {
  if ("version" in value && value.version !== 1) {
    const message = "must be 1, or left out in a definition of version 0";
    return { issues: [{ path: ["version"], value: value.version, message }] };
  }
  const result = machineSchema.safeParse(value);
  return result.success
    ? { machine: result.data, issues: [] }
    : { issues: schemaIssues(result.error, value) };
}
