import { lastLines } from "../files/folders.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/** How many of a session's last events a report tells. */
const shownEvents = 20;

/** The last events of a session, a line each, without the guest's output and the person's input. */
export function recentEvents(paths: Paths, id: string): readonly string[] {
  return lastLines(sessionPaths(paths, id).events, shownEvents).flatMap(describeLine);
}

/** Nothing for a line whose beginning is cut off. */
function describeLine(line: string): readonly string[] {
  try {
    const { time, type, text, step } = JSON.parse(line);
    const what = type === "note" ? text : step;
    return [[new Date(time).toISOString(), type, what].filter(Boolean).join(" ")];
  } catch {
    return [];
  }
}
