import { existsSync } from "node:fs";
import { describeOtherProtocol } from "../../../shared/contracts/session-protocol.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionDescription } from "../../../shared/session/session-description.ts";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { nearestName } from "../../../shared/text/nearest-name.ts";
import { isLocked } from "../../files/locks/file-lock.ts";
import { isOwnFolder } from "../../files/private-folder.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import { isSessionName, type Paths, sessionPaths } from "../../storage/paths.ts";
import { machineStateNow } from "../../vm/machine-state.ts";
import { answerTimeout, connectSession, type SessionConnection } from "./session-client.ts";

/** A running session, connected to. */
export interface AttachedSession extends SessionConnection {
  readonly description: SessionDescription;
}

/**
 * Connects to a running session.
 *
 * @param id which one; without it, the only one that runs.
 * @throws AppError `no-session` when there is none, no such one, or more than one to choose from; `busy` when it does
 *   not answer; `other-version` when its protocol is not this Tinsmith's.
 */
export async function attach(paths: Paths, id?: string, timeout = answerTimeout): Promise<AttachedSession> {
  const session = await attachToCore(paths, id, timeout);
  const other = describeOtherProtocol(session.description);
  if (!other) return session;
  session[Symbol.dispose]();
  throw new AppError(other);
}

/**
 * Connects to a running session as `attach` does, also to one of another version: then only the stable core of
 * shared/contracts/session-protocol.ts may be used.
 */
export async function attachToCore(
  paths: Paths,
  id?: string,
  timeout = answerTimeout,
): Promise<AttachedSession> {
  const sessions = findSessions(paths);
  // A watch has nothing to ask for, and others beside it that do.
  const asked = sessions.filter(({ kind }) => kind !== "watch");
  const description = id === undefined ? theOnly(asked) : sessions.find((session) => session.id === id);
  if (!description) throw noSuchSession(id ?? "", sessions, paths);
  const connection = await connect(paths, description.id, timeout);
  if (connection) return { ...connection, description };
  const { lock } = sessionPaths(paths, description.id);
  throw isLocked(lock)
    ? notAnswering(description.id)
    : noSuchSession(description.id, findSessions(paths), paths);
}

/** The answers of a running session's process to a probe. */
export interface SessionProbe {
  /** A process that was stopped, or is very busy, does not answer. */
  readonly isAnswering: boolean;
  /** The state of its virtual machine; absent if the process did not say so, or has another protocol. */
  readonly virtualMachine?: VirtualMachineState["status"];
}

/** Asks the process of a running session for its state. @param timeout for each of two answers, in milliseconds */
export async function probeSession(
  paths: Paths,
  description: SessionDescription,
  timeout: number,
): Promise<SessionProbe> {
  using connection = await connect(paths, description.id, timeout);
  if (!connection) return { isAnswering: false };
  if (describeOtherProtocol(description)) return { isAnswering: true };
  const state = await machineStateNow(connection.api.machine, AbortSignal.timeout(timeout)).catch(
    () => undefined,
  );
  return { isAnswering: true, ...(state && { virtualMachine: state.status }) };
}

/** Undefined when the session does not answer. */
async function connect(paths: Paths, id: string, timeout: number): Promise<SessionConnection | undefined> {
  // Below /tmp another user may have put a folder there, to be talked to in place of this user's sessions.
  if (!isOwnFolder(paths.sockets)) return undefined;
  return await connectSession(id, sessionPaths(paths, id).apiSocket, timeout).catch(() => undefined);
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

const howToStart = "Start a build, or a run that stays: tinsmith run --keep-alive IMAGE -- COMMAND.";

function noSuchSession(id: string, sessions: readonly SessionDescription[], paths: Paths): AppError {
  const files = isSessionName(id) ? sessionPaths(paths, id) : undefined;
  const known = files && existsSync(files.events) ? files : undefined;
  if (known && isLocked(known.lock)) return notAnswering(id);
  const ids = sessions.map((session) => session.id);
  const nearest = known ? undefined : nearestName(id, ids);
  return new AppError({
    code: "no-session",
    message: known
      ? `session ${id} has ended; its logs are in ${known.folder}`
      : `no running session is called ${JSON.stringify(id)}`,
    details: sessions.map(describeLine),
    advice: nearest ? `Did you mean ${nearest}?` : sessions.length > 0 ? "Choose one of these." : howToStart,
  });
}

function notAnswering(id: string): AppError {
  return new AppError({
    code: "busy",
    message: `session ${id} is running, but does not answer`,
    advice: "Its process may have been stopped, be very busy, or be about to end. Try again.",
  });
}

function describeLine({ id, title }: SessionDescription): string {
  return `${id}  ${title}`;
}
