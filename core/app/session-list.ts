import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { AppError, type ErrorData } from "../../shared/errors.ts";
import type { TaskResult } from "../../shared/guest-protocol.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import { recallCrash } from "../crash/kept-crashes.ts";
import { isLocked } from "../files/file-lock.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../paths.ts";
import { folderSize } from "../session/session-cleanup.ts";
import { versionOfLog } from "../session/session-log-version.ts";
import { createRunningCheck } from "./running-check.ts";

/** How much of a log's beginning and end is read: more than its first and last events. */
const edgeBytes = 64 * 1024;

/**
 * Returns a function that lists all sessions that are kept, running and ended, the newest first. It remembers those
 * that ended, so it can be called often.
 */
export function createSessionList(paths: Paths): () => readonly SessionSummary[] {
  const ended = new Map<string, SessionSummary>();
  const isRunning = createRunningCheck();
  const describe = (id: string): readonly SessionSummary[] => {
    const known = ended.get(id);
    if (known) return [known];
    const summary = describeSession(paths, id, isRunning);
    if (summary && summary.status !== "running") ended.set(id, summary);
    return summary ? [summary] : [];
  };
  return () => {
    if (!existsSync(paths.sessions)) return [];
    const entries = readdirSync(paths.sessions, { withFileTypes: true });
    const ids = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return ids.sort().reverse().flatMap(describe);
  };
}

interface LoggedEvent {
  readonly type: string;
  readonly time: number;
  readonly title?: string;
  readonly output?: string;
  readonly kind?: SessionSummary["kind"];
  readonly result?: TaskResult;
  readonly error?: ErrorData;
}

/** Undefined for a session that is only just beginning, or is being removed. */
function describeSession(
  paths: Paths,
  id: string,
  isSessionRunning: (files: SessionPaths) => boolean,
): SessionSummary | undefined {
  const files = sessionPaths(paths, id);
  const [first] = edgeEvents(files.events, "start");
  if (!first) return undefined;
  const isRunning = isSessionRunning(files);
  const newer = refusalOf(first, files.events);
  if (newer) return describeNewer(id, files, newer);
  const last = edgeEvents(files.events, "end");
  const end = last.findLast(({ type }) => /^(build|run)-(finished|failed)$/.test(type));
  const ending = end?.type.endsWith("failed") || end?.result === "failed" ? "failed" : "succeeded";
  return {
    id,
    title: first.title ?? "Run",
    kind: first.type === "build-started" ? "build" : (first.kind ?? "run"),
    started: first.time,
    ended: isRunning ? undefined : (end ?? last.at(-1))?.time,
    asks:
      isRunning && last.findLast(({ type }) => /^(guest-off|choice-made)$/.test(type))?.type === "guest-off",
    status: isRunning ? "running" : end ? ending : "killed",
    output: first.output,
    error: end || isRunning ? end?.error : crashOf(paths, id),
    folder: files.folder,
    bytes: isRunning ? 0 : folderSize(files.folder),
  };
}

/** Whether a session has a process still. */
export function isSessionRunning(files: SessionPaths): boolean {
  return existsSync(files.socketFolder) && isLocked(files.lock);
}

/** Why the process of a session ended without saying how it went, if that is known. */
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
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

function describeNewer(id: string, files: SessionPaths, error: AppError): SessionSummary {
  return {
    id,
    title: "A session of a newer Tinsmith",
    kind: "run",
    started: statSync(files.events).birthtimeMs,
    asks: false,
    status: "newer",
    error: error.toJSON(),
    folder: files.folder,
    bytes: folderSize(files.folder),
  };
}

/** The events of a log's first or last part; a line that is not whole is left out. */
function edgeEvents(path: string, edge: "start" | "end"): readonly LoggedEvent[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const block = Buffer.alloc(Math.min(size, edgeBytes));
  if (block.length === 0) return [];
  const file = openSync(path, "r");
  readSync(file, block, 0, block.length, edge === "start" ? 0 : size - block.length);
  closeSync(file);
  return block.toString().split("\n").flatMap(parseLine);
}

function parseLine(line: string): readonly LoggedEvent[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
