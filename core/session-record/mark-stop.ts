import { writeFileSync } from "node:fs";
import type { SessionPaths } from "../storage/paths.ts";

/** Lets the list of sessions tell all windows that a session was asked to end, and when: only the first time counts. */
export function markStop({ stopAsked }: Pick<SessionPaths, "stopAsked">): void {
  try {
    writeFileSync(stopAsked, "", { flag: "wx" });
  } catch {
    // It was asked before; or the disk is full, and the session ends all the same.
  }
}
