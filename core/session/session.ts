import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { reportCrashesIn } from "../crash/crash-reporter.ts";
import { type FileLock, tryLock, waitForLock } from "../files/file-lock.ts";
import { makeFolder } from "../files/files.ts";
import { createGrowingFile, type GrowingFileWriter } from "../files/growing-file.ts";
import { tellParent } from "../parent-process.ts";
import { makePrivateFolder, type Paths, type SessionPaths, sessionPaths } from "../paths.ts";
import { newTimedId } from "../timed-id.ts";
import { createHostTerminal, type HostTerminal } from "./host-terminal.ts";
import { clearEndedSessions, removeSession, removeWorkingFiles } from "./session-cleanup.ts";
import { createSessionConsole, type SessionConsole } from "./session-console.ts";
import { openSessionLog, type SessionLog } from "./session-log.ts";

/**
 * One build or run, from its start to its end, and what it leaves on disk.
 *
 * Its folder holds the events as JSON lines and the logs; they stay. Disposing it closes the event log and
 * removes its working files and sockets.
 */
export interface Session extends Disposable, Pick<SessionLog, "record" | "subscribe"> {
  readonly id: string;
  readonly paths: SessionPaths;
  readonly serial: SessionConsole;
  readonly host: HostTerminal;
  /** What the guest posts to the MetaService's log. */
  readonly taskLog: GrowingFileWriter;
  /** What was cleared of sessions whose process was killed, one line each, for the person to know. */
  readonly cleared: readonly string[];
}

/** Opens a new session, after clearing what ended ones left behind. */
export function openSession(paths: Paths, title: string): Session {
  makePrivateFolder(paths.sessions);
  makePrivateFolder(paths.sockets);
  makeFolder(paths.cache);
  // Nobody may take this session for an ended one before it holds its lock.
  using _turn = waitForLock(join(paths.sessions, ".lock"));
  const cleared = clearEndedSessions(paths);

  const id = newTimedId();
  const files = sessionPaths(paths, id);
  using cleanup = new DisposableStack();
  cleanup.defer(() => removeSession(files));
  makePrivateFolder(files.folder);
  makePrivateFolder(files.socketFolder);
  mkdirSync(files.working);
  const lock = cleanup.use(lockSession(files, title));
  const crashReports = cleanup.use(reportCrashesIn({ id, title }));
  const log = openSessionLog(files.events);
  const serial = createSessionConsole(files.serialLog);
  const host = createHostTerminal(files.hostLog);
  const taskLog = createGrowingFile(files.taskLog);
  tellParent({ session: id });
  cleanup.move();
  return {
    id,
    paths: files,
    serial,
    host,
    taskLog,
    cleared,
    record: log.record,
    subscribe: log.subscribe,
    [Symbol.dispose]() {
      serial.output.end();
      host[Symbol.dispose]();
      taskLog.end();
      log[Symbol.dispose]();
      removeWorkingFiles(files);
      crashReports[Symbol.dispose]();
      lock[Symbol.dispose]();
    },
  };
}

function lockSession(files: SessionPaths, title: string): FileLock {
  const lock = tryLock(files.lock, `${title} (process ${process.pid})`);
  if ("heldBy" in lock)
    throw new AppError({ code: "busy", message: `${files.folder} is held by ${lock.heldBy}` });
  return lock;
}
