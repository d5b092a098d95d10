import type { TaskResult } from "../../shared/guest/guest-protocol.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { isTime } from "../../shared/text/time-schema.ts";
import { knownVersion } from "../files/writing/versioned-json.ts";

/** The version of a session's log, in the `version` of its first line, which the first logs did not have. */
export const sessionLogVersion = 1;

/** The content of a log's line: only Tinsmith writes logs, so each line that can be read counts as an event. */
type Line = Readonly<Record<string, unknown>>;

/** @throws AppError `newer-version` */
export function versionOfLog(firstLine: object, path: string): number {
  return knownVersion(firstLine, sessionLogVersion, "a session log", path);
}

/**
 * Makes events of a log's lines, beginning with its first one, of any version.
 *
 * @throws AppError `newer-version`, upon the first line
 */
export function createMigration(path: string): (line: Line) => SessionEvent | undefined {
  let migrate: ((line: Line) => Line) | undefined;
  return (line) => {
    migrate ??= versionOfLog(line, path) === 0 ? migrateVersion0() : (newest) => newest;
    return asEvent(migrate(line));
  };
}

/** The event in a line of the newest version; undefined when there is none. */
export function asEvent(line: Line): SessionEvent | undefined {
  if (!Number.isInteger(line.seq) || !isTime(line.time)) return undefined;
  // Only the first line has one: a copy of each of them would take as long as reading it.
  if (!("version" in line)) return line as unknown as SessionEvent;
  const { version: _, ...event } = line;
  return event as unknown as SessionEvent;
}

/**
 * The first logs did not number events, nor say what ran and how it went: that is made up for by what they say.
 * Later ones of the same version do, and stay as they are.
 */
function migrateVersion0(): (line: Line) => Line {
  let last = 0;
  let result: TaskResult = "failed";
  const missing = ({ type, result: told }: Line): Line => {
    if (type === "task-result") result = told as TaskResult;
    if (type === "run-started")
      return { kind: "run", title: "Run", task: { command: [], env: {} }, keepAlive: false };
    return type === "run-finished" ? { result } : {};
  };
  return (line) => {
    if (typeof line.type !== "string") return line;
    last += 1;
    return { seq: last, ...missing(line), ...line };
  };
}
