import { formatDuration } from "../../../shared/text/format.ts";

/** The time from one moment to another, never less than none: what has begun just now may be newer than the clock shown. */
export function elapsed(from: number, to: number): string {
  return formatDuration(Math.max(0, to - from));
}
