import { lastLines } from "../files/folders.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/** How many of a session's last events a report tells. */
const shownEvents = 20;

/** What happened last in a session, a line each: without what its guest said, and what a person gave to it. */
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
