import { existsSync, readdirSync } from "node:fs";
import { AppError } from "../../shared/errors/errors.ts";
import { nearestName } from "../../shared/text/nearest-name.ts";
import { statusOf } from "../files/regular-file.ts";
import { isSessionName, type Paths, type SessionPaths, sessionPaths } from "../storage/paths.ts";

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
