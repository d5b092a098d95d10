import assert from "node:assert/strict";
import { isAbsolute } from "node:path";

/**
 * One value of a QEMU option, as `key=value,key=value`; keys without a value are left out.
 *
 * All values of options pass here: doubled commas are how QEMU reads a comma that is part of a value, so that no path
 * or name can add a key of its own.
 */
export function option(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${String(value).replaceAll(",", ",,")}`)
    .join(",");
}

/** A path that means the same file wherever QEMU runs, and that can't be taken for an option. */
export function absolute(path: string): string {
  assert(isAbsolute(path), `QEMU gets absolute paths only: ${path}`);
  return path;
}
