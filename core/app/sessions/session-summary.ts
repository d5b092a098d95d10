import { existsSync, statSync } from "node:fs";
import { describeOtherProtocol } from "../../../shared/contracts/session-protocol.ts";
import { type ErrorData, isCancellation } from "../../../shared/errors/error-data.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { TaskResult } from "../../../shared/guest/guest-protocol.ts";
import type { ExpectationCounts } from "../../../shared/scenario/scenario-event.ts";
import type { ScenarioSeries } from "../../../shared/scenario/scenario-series.ts";
import type { SessionDescription } from "../../../shared/session/session-description.ts";
import type { SessionKind } from "../../../shared/session/session-kind.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { addOutcome, type RoundOutcome, roundOutcomeSchema } from "../../../shared/watch/round-outcome.ts";
import { recallCrash } from "../../crash/crash-reports.ts";
import { folderSize } from "../../files/disk-usage.ts";
import { isLocked } from "../../files/locks/file-lock.ts";
import { statusOf } from "../../files/regular-file.ts";
import { findSession } from "../../session-record/find-sessions.ts";
import { damagedLog, hasBeginning, unreadableRecord } from "../../session-record/require-session.ts";
import { firstLines, lastLines } from "../../session-record/session-log-edges.ts";
import { versionOfLog } from "../../session-record/session-log-version.ts";
import { type Paths, type SessionPaths, sessionPaths, sessionsLock } from "../../storage/paths.ts";

interface LoggedEvent {
  readonly type: string;
  readonly time: number;
  readonly title?: string;
  readonly output?: string;
  readonly task?: { readonly command?: string[] };
  readonly image?: string;
  readonly scenario?: { readonly series?: ScenarioSeries };
  readonly kind?: SessionKind;
  readonly result?: TaskResult;
  readonly expectations?: ExpectationCounts;
  readonly error?: ErrorData;
  readonly set?: string;
  readonly text?: string;
  readonly about?: string;
  readonly isCertain?: boolean;
  readonly held?: number;
}

/** Characters of each word of a command: a list of sessions shows no more of a script. */
const longestWord = 200;

/**
 * Reads the description of a session from its files.
 *
 * @returns undefined for a session that is only just beginning.
 * @throws AppError, or the system's error, when its files can't be read. A damaged log may have put anything into the
 *   summary: see `sessionSummarySchema`.
 */
export function describeSession(paths: Paths, id: string): SessionSummary | undefined {
  const files = sessionPaths(paths, id);
  // Only the lines that matter are parsed: there may be hundreds.
  const beginning = firstLines(files.events);
  const [first] = beginning.slice(0, 1).flatMap(parseLine);
  const isRunning = isSessionRunning(files);
  if (!first) {
    if (isRunning || isBeginning(paths, files)) return undefined;
    throw statusOf(files.events) ? damagedLog(files) : missingLog(files);
  }
  const newer = refusalOf(first, files.events);
  if (isRunning) {
    const running = findSession(paths, id);
    const otherVersion = (running && describeOtherProtocol(running)) ?? newer?.toJSON();
    if (otherVersion) return running && describeOther(running, otherVersion);
  }
  if (newer) return describeNewer(id, files, newer);
  if (!isRunning && !hasBeginning(beginning[0])) throw damagedLog(files);
  const last = lastLines(files.events);
  const end = findLastEvent(last, ends);
  return {
    id,
    title: first.title ?? "Run",
    kind: first.type === "build-started" ? "build" : (first.kind ?? "run"),
    started: first.time,
    ended: isRunning ? undefined : (end ?? last.slice(-1).flatMap(parseLine)[0])?.time,
    asks: isRunning && waitsForPerson(last),
    held: isRunning ? countHeld(last) : undefined,
    keepsGuest: isRunning && existsSync(files.keptGuest),
    stopAsked: isRunning ? statusOf(files.stopAsked)?.mtimeMs : undefined,
    status: isRunning ? "running" : statusOfEnd(end),
    // A scenario's expectations say whether it is well that its task was killed.
    taskKilled: !isRunning && end?.result === "failed" && !end.expectations && wasTaskKilled(last),
    output: first.output,
    command: first.task?.command?.map((word) => word.slice(0, longestWord)),
    image: first.image,
    isScenario: first.scenario !== undefined,
    series: first.scenario?.series,
    seriesStopped: !isRunning && first.scenario?.series && findLastEvent(last, ["series-stopped"]) && true,
    watch: first.type === "watch-started" ? { set: first.set ?? "", outcomes: outcomesIn(last) } : undefined,
    error: end || isRunning ? end?.error : crashOf(paths, id),
    canRetry: !isRunning && canRetry(paths, id),
    deletions: beginning.filter((line) => line.includes("deleted-sessions")).flatMap(deletionsIn),
    folder: files.folder,
    bytes: isRunning ? 0 : folderSize(files.folder),
  };
}

/** Whether a session without a lock may be about to take it: its process then has its turn, until the session has its lock. */
function isBeginning(paths: Paths, files: SessionPaths): boolean {
  return isLocked(sessionsLock(paths)) || isSessionRunning(files);
}

function missingLog({ events }: SessionPaths): AppError {
  return new AppError({ code: "missing-file", message: `${events} does not exist` });
}

/** Whether an installation by hand asks what to do with the disk, a command of the host's waits for input, or a step has failed. */
function waitsForPerson(lines: readonly string[]): boolean {
  const choice = findLastEvent(lines, ["guest-off", "choice-made"]);
  const command = findLastEvent(lines, ["command-waits", "command-continues"]);
  const step = findLastEvent(lines, [
    "install-step-failed",
    "install-step-started",
    "install-step-changed",
    "install-next",
  ]);
  if (step?.type === "install-step-failed") return true;
  return choice?.type === "guest-off" || (command?.type === "command-waits" && command.isCertain === true);
}

/** The number of messages that are held now; undefined if there are none. While one is held, the log hardly grows. */
function countHeld(lines: readonly string[]): number | undefined {
  const held = new Set<number | undefined>();
  const changes = lines.filter((line) => line.includes("message-held") || line.includes("message-released"));
  for (const { type, held: number } of changes.flatMap(parseLine)) {
    if (type === "message-held") held.add(number);
    if (type === "message-released") held.delete(number);
  }
  return held.size || undefined;
}

/** Whether a person has had the task killed; not known of a guest that has done very much since then. */
function wasTaskKilled(lines: readonly string[]): boolean {
  const kills = lines.filter((line) => line.includes("action-ended") && line.includes("kill-process"));
  return kills.flatMap(parseLine).some(({ type, error }) => type === "action-ended" && !error);
}

function statusOfEnd(end: LoggedEvent | undefined): SessionSummary["status"] {
  if (!end) return "killed";
  const { type, result, error, expectations } = end;
  if (error && isCancellation(error)) return "cancelled";
  // A scenario may expect that its task fails.
  const hasFailed = expectations ? expectations.unmet > 0 : type.endsWith("failed") || result === "failed";
  return hasFailed ? "failed" : "succeeded";
}

const ends = ["build-finished", "build-failed", "run-finished", "run-failed", "watch-ended", "watch-failed"];

/** The last event of one of these types. */
function findLastEvent(lines: readonly string[], types: readonly string[]): LoggedEvent | undefined {
  for (const line of lines.toReversed()) {
    if (!types.some((type) => line.includes(type))) continue;
    const [event] = parseLine(line);
    if (event && types.includes(event.type)) return event;
  }
  return undefined;
}

function deletionsIn(line: string): readonly string[] {
  return parseLine(line).flatMap(({ about, text }) => (about === "deleted-sessions" && text ? [text] : []));
}

/** The newest verdicts of a watch's last rounds. */
function outcomesIn(lines: readonly string[]): RoundOutcome[] {
  const verdicts = lines.filter((line) => line.includes('"type":"verdict"')).flatMap(parseLine);
  const parsed = verdicts.flatMap((event) => roundOutcomeSchema.safeParse(event).data ?? []);
  return [...parsed.reduce<readonly RoundOutcome[]>(addOutcome, [])];
}

/** Whether a failed build has kept work that a retry can resume from. */
export function canRetry(paths: Paths, id: string): boolean {
  return existsSync(sessionPaths(paths, id).keptWorkRecord);
}

/** Whether a session has a process still. */
export function isSessionRunning(files: SessionPaths): boolean {
  return isLocked(files.lock);
}

/** The reason why the process of a session ended without recording a result, if known. */
function crashOf(paths: Paths, id: string): ErrorData | undefined {
  const crash = recallCrash(paths, id);
  return (
    crash && { code: "internal", message: `its process ended unexpectedly: ${crash.report.error.message}` }
  );
}

function refusalOf(firstLine: object, path: string): AppError | undefined {
  try {
    versionOfLog(firstLine, path);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "newer-version") return thrown;
    throw thrown;
  }
}

/** The part of the summary of a session whose log is not read: there is nothing that a person could do about it. */
const nothingToDo = { asks: false, keepsGuest: false, canRetry: false, deletions: [] };

/** A running session whose log may hold anything. */
function describeOther(running: SessionDescription, otherVersion: ErrorData): SessionSummary {
  const { id, title, kind, image, startedAt, folder } = running;
  return {
    ...nothingToDo,
    id,
    title,
    kind,
    started: startedAt,
    status: "running",
    output: kind === "build" ? image : undefined,
    otherVersion,
    folder,
    bytes: 0,
  };
}

/** A session of which only its place is known, and why. Undefined when it is no longer there. */
export function describeUnreadable(paths: Paths, id: string, thrown: unknown): SessionSummary | undefined {
  const files = sessionPaths(paths, id);
  const { folder } = files;
  const status = statusOf(folder);
  return (
    status && {
      ...nothingToDo,
      id,
      title: "A session whose record can't be read",
      kind: "run",
      started: Math.max(0, status.birthtimeMs),
      status: "unreadable",
      error: unreadableRecord(files, thrown),
      folder,
      bytes: readableSize(folder),
    }
  );
}

/** Bytes that a folder takes, 0 when that can't be found out. */
function readableSize(folder: string): number {
  try {
    return folderSize(folder);
  } catch {
    return 0;
  }
}

function describeNewer(id: string, files: SessionPaths, error: AppError): SessionSummary {
  return {
    ...nothingToDo,
    id,
    title: "A session of a newer Tinsmith",
    kind: "run",
    started: statSync(files.events).birthtimeMs,
    status: "newer",
    error: error.toJSON(),
    folder: files.folder,
    bytes: folderSize(files.folder),
  };
}

function parseLine(line: string): readonly LoggedEvent[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
