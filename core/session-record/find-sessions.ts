import { existsSync, readdirSync } from "node:fs";
import {
  type SessionDescription,
  sessionDescriptionSchema,
} from "../../shared/session/session-description.ts";
import { parseJson } from "../../shared/text/parse-json.ts";
import { isLocked } from "../files/locks/file-lock.ts";
import { readTextFile } from "../files/text-file.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/**
 * The sessions that run now, of any process; oldest first. The lock in its folder shows that a session runs, and the
 * locked file has its description: no process is asked, so sessions that do not answer are found as well.
 */
export function findSessions(paths: Paths): readonly SessionDescription[] {
  if (!existsSync(paths.sessions)) return [];
  return readdirSync(paths.sessions, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((id) => findSession(paths, id) ?? [])
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** The description of a session, if it is running; of one that is just beginning or about to end there is none. */
export function findSession(paths: Paths, id: string): SessionDescription | undefined {
  const { lock } = sessionPaths(paths, id);
  if (!isLocked(lock)) return undefined;
  return sessionDescriptionSchema.safeParse(
    parseJson(readTextFile(lock, { maximumBytes: 1024 ** 2, code: "usage" })),
  ).data;
}
