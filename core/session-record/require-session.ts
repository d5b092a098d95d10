import { existsSync, readdirSync } from "node:fs";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { nearestName } from "../../shared/text/nearest-name.ts";
import { parseJson } from "../../shared/text/parse-json.ts";
import { isLocked } from "../files/locks/file-lock.ts";
import { statusOf } from "../files/regular-file.ts";
import { damaged } from "../files/writing/versioned-json.ts";
import { isSessionName, type Paths, type SessionPaths, sessionPaths } from "../storage/paths.ts";
import { firstLines } from "./session-log-edges.ts";

/**
 * The files of the session that an id from outside names, running or ended.
 *
 * @throws AppError `no-session` when there is no such session.
 */
export function requireSession(paths: Paths, id: string): SessionPaths {
  const files = isSessionName(id) ? sessionPaths(paths, id) : undefined;
  if (!files || !statusOf(files.folder)?.isDirectory()) throw noSuchSession(paths, id);
  return files;
}

/**
 * As `requireSession`, for work on its events: refuses a session whose log lacks its beginning.
 *
 * @throws AppError also `usage` when the log is damaged
 */
export function requireRecord(paths: Paths, id: string): SessionPaths {
  const files = requireSession(paths, id);
  try {
    if (statusOf(files.events)?.size && !isLocked(files.lock) && !hasBeginning(firstLines(files.events)[0]))
      throw damagedLog(files);
  } catch (thrown) {
    const { message, ...error } = unreadableRecord(files, thrown);
    throw new AppError({ ...error, message: `session ${id}: ${message}` }, { cause: thrown });
  }
  return files;
}

/** Whether a log's first line is its first event. Those of the first logs had no numbers. */
export function hasBeginning(line = ""): boolean {
  const event = parseJson(line);
  return typeof event === "object" && event !== null && (!("seq" in event) || event.seq === 1);
}

/** The error for a session whose log lacks data. */
export function damagedLog({ events }: SessionPaths, cause?: unknown): AppError {
  return damaged("a session log", events, cause);
}

/** Says that a session can't be read, and why. */
export function unreadableRecord({ folder }: SessionPaths, thrown: unknown): ErrorData {
  return {
    code: "usage",
    message: `its record can't be read: ${toAppError(thrown).message}`,
    advice: `Delete the session in the window, or remove the folder ${folder}.`,
    details: [],
  };
}

/** The error for an id of no session, running or ended. */
export function noSuchSession(paths: Paths, id: string): AppError {
  // Its own folder may be there, without a log.
  const ids = existsSync(paths.sessions) ? readdirSync(paths.sessions).filter((one) => one !== id) : [];
  const nearest = nearestName(id, ids);
  const list = "List all that are kept with tinsmith sessions --all; old ones are deleted to make room.";
  return new AppError({
    code: "no-session",
    message: `there is no session ${JSON.stringify(id)} in ${paths.sessions}`,
    advice: nearest ? `Did you mean ${nearest}? ${list}` : list,
  });
}
