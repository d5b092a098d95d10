import { formatDuration } from "../../../shared/text/format.ts";

/**
 * The time from one moment to another, never less than none: a newly begun step may be newer than the shown clock.
 */
export function elapsed(from: number, to: number): string {
  return formatDuration(Math.max(0, to - from));
}
