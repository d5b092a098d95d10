import { getNodeValue, parse } from "jsonc-parser";
import { machineSchemaVersion0, migrateVersion0 } from "../../../../shared/machine/machine-migrate.ts";
import { readObject } from "./json-edit.ts";

/**
 * The version of a definition, by its keys; one that is only begun counts as the newest. Version 0 has no key that
 * says so.
 */
export function versionOf(text: string): 0 | 1 {
  const value: unknown = parse(text);
  if (!isObject(value) || "version" in value) return 1;
  return isObject(value.network) || isObject(value.keyboard) ? 0 : 1;
}

/** A definition of version 0 as one of version 1 for the same hardware; undefined when it is not one, or has issues. */
export function migratedText(text: string): string | undefined {
  const object = readObject(text);
  const { data } = machineSchemaVersion0.safeParse(object && getNodeValue(object));
  return data && `${JSON.stringify(migrateVersion0(data), null, indentOf(text))}\n`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The white space by which a text sets in its lines. */
export function indentOf(text: string): string {
  return /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
}
