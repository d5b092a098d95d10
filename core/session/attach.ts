import { existsSync, lstatSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import type { SessionDescription } from "../../shared/api.ts";
import { AppError } from "../../shared/errors.ts";
import { nearestName } from "../../shared/nearest-name.ts";
import { isLocked } from "../files/file-lock.ts";
import { type Paths, sessionPaths } from "../paths.ts";
import { answerTimeout, connectSession, type SessionConnection } from "./session-client.ts";

/** A running session, connected to. */
export interface AttachedSession extends SessionConnection {
  readonly description: SessionDescription;
}

/** The sessions that run now, whichever process owns them; oldest first. One that does not answer is passed over. */
export async function findSessions(
  paths: Paths,
  timeout = answerTimeout,
): Promise<readonly SessionDescription[]> {
  const found = await Promise.all(sessionIds(paths).map((id) => describeSession(paths, id, timeout)));
  return found.filter((description) => description !== undefined);
}

/**
 * Connects to a running session.
 *
 * @param id which one; without it, the only one that runs.
 * @throws AppError `no-session` when there is none, no such one, or more than one to choose from; `busy` when it does
 *   not answer.
 */
export async function attach(paths: Paths, id?: string, timeout = answerTimeout): Promise<AttachedSession> {
  const sessions = await findSessions(paths, timeout);
  const description = id === undefined ? theOnly(sessions) : sessions.find((session) => session.id === id);
  if (!description) throw noSuchSession(id ?? "", sessions, paths);
  const connection = await connectSession(description.id, sessionPaths(paths, description.id).apiSocket);
  return { ...connection, description };
}

/** Those that have a folder for sockets: the others have ended. Ids sort by time. */
function sessionIds(paths: Paths): readonly string[] {
  const status = lstatSync(paths.sockets, { throwIfNoEntry: false });
  // Below /tmp somebody else may have put one there, to be talked to in place of this user's sessions.
  if (!status?.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) return [];
  return readdirSync(paths.sockets)
    .filter((id) => existsSync(sessionPaths(paths, id).apiSocket))
    .sort();
}

/** Undefined for one whose process was killed, and left its socket behind, or was stopped. */
async function describeSession(
  paths: Paths,
  id: string,
  timeout: number,
): Promise<SessionDescription | undefined> {
  try {
    using connection = await connectSession(id, sessionPaths(paths, id).apiSocket, timeout);
    return await connection.api.session.describe(undefined, { signal: AbortSignal.timeout(timeout) });
  } catch {
    return undefined;
  }
}

function theOnly(sessions: readonly SessionDescription[]): SessionDescription {
  const [first, ...others] = sessions;
  if (first && others.length === 0) return first;
  if (first)
    throw new AppError({
      code: "no-session",
      message: `${sessions.length} sessions are running, and none was chosen`,
      details: sessions.map(describeLine),
      advice: "Choose one with --session ID.",
    });
  throw new AppError({ code: "no-session", message: "no session is running", advice: howToStart });
}

const howToStart = "Start one that stays: tinsmith run --keep-alive IMAGE -- COMMAND.";

function noSuchSession(id: string, sessions: readonly SessionDescription[], paths: Paths): AppError {
  const files = sessionPaths(paths, id);
  // An id is a name in the folder of sessions, and nothing else.
  const isKnown = basename(id) === id && existsSync(files.events);
  if (isKnown && isLocked(files.lock))
    return new AppError({
      code: "busy",
      message: `session ${id} is running, but does not answer`,
      advice: "Its process may have been stopped, be very busy, or be about to end: try again.",
    });
  const ids = sessions.map((session) => session.id);
  const nearest = isKnown ? undefined : nearestName(id, ids);
  return new AppError({
    code: "no-session",
    message: isKnown
      ? `session ${id} has ended; its logs are in ${files.folder}`
      : `no running session is called ${JSON.stringify(id)}`,
    details: sessions.map(describeLine),
    advice: nearest ? `Did you mean ${nearest}?` : sessions.length > 0 ? "Choose one of these." : howToStart,
  });
}

function describeLine({ id, title }: SessionDescription): string {
  return `${id}  ${title}`;
}
