import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The beginning of a checkpoint's name as a source. */
export const checkpointPrefix = "checkpoint:";

/** Whether a text names a source that is not a path of this host: a checkpoint, or a session with a kept disk. */
export function isNamedSource(text: string): boolean {
  return text.startsWith(checkpointPrefix) || (/^\d{8}-\d{6}-[\da-f]{4}$/.test(text) && !existsSync(text));
}

/** A source as `openSource` takes it, with the absolute path of a file. */
export function resolveSource(text: string): string {
  return isNamedSource(text) ? text : resolve(text);
}
