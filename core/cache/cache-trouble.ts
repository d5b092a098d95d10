import type { ErrorCode } from "../../shared/errors/error-data.ts";
import { toAppError } from "../../shared/errors/errors.ts";

const codes: readonly ErrorCode[] = [
  "no-space",
  "no-permission",
  "command-failed",
  "busy",
  "path-too-long",
  "newer-version",
  "usage",
];

/** Whether an error may mean that the cache can't be used: then work continues without it. */
export function isCacheTrouble(thrown: unknown): boolean {
  return codes.includes(toAppError(thrown).code);
}
