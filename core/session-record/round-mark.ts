import { existsSync, writeFileSync } from "node:fs";
import { ignoreFullDisk } from "../files/folders.ts";
import { readTextFile } from "../files/text-file.ts";
import type { SessionPaths } from "../storage/paths.ts";

/** Names a round of a watch. @param watch the id of the watch's session */
export function roundName(watch: string, round: number): string {
  return `${watch} ${round}`;
}

/** Marks a session as one that a round of a watch has started: see `findSurplus`. */
export function markRound({ round }: Pick<SessionPaths, "round">, name: string): void {
  try {
    writeFileSync(round, name, { mode: 0o600 });
  } catch (error) {
    // Then it is kept like any other session.
    ignoreFullDisk(error);
  }
}

/** The name of the round that has started a session; undefined for any other session. */
export function roundOf({ round }: Pick<SessionPaths, "round">): string | undefined {
  return existsSync(round) ? readTextFile(round, { maximumBytes: 1024, code: "usage" }) : undefined;
}
