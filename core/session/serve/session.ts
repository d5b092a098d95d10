import { mkdirSync } from "node:fs";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import { reportCrashesIn } from "../../crash/crash-reporter.ts";
import { makeFolder } from "../../files/folders.ts";
import { lockOwnFile } from "../../files/locks/file-lock.ts";
import { createGrowingFile, type GrowingFileWriter } from "../../files/logs/growing-file.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { endProcessesOf, markProcessesOf } from "../../process/own-processes.ts";
import { recordOutputTimes } from "../../recording/output-times.ts";
import { removeSocketsFolder } from "../../session-record/remove-sockets-folder.ts";
import { removeSession, removeWorkingFiles, takeTurn } from "../../session-record/session-cleanup.ts";
import { openSessionLog, type SessionLog } from "../../session-record/session-log.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../../storage/paths.ts";
import { newTimedId } from "../../time/timed-id.ts";
import { createSessionConsole, type SessionConsole } from "../console/session-console.ts";
import { createHostTerminal, type HostTerminal } from "../host-terminal/host-terminal.ts";

/**
 * One build or run, from its start to its end, with its files.
 *
 * Its folder holds the events as JSON lines and the logs; they stay. Disposing it closes the event log, ends the
 * processes that it started, and removes its working files and sockets.
 */
export interface Session extends Disposable, Pick<SessionLog, "record" | "subscribe"> {
  readonly id: string;
  readonly paths: SessionPaths;
  readonly serial: SessionConsole;
  readonly host: HostTerminal;
  /** Text that the guest posts to the MetaService's log. */
  readonly taskLog: GrowingFileWriter;
}

/** Opens a new session. */
export function openSession(paths: Paths, title: string): Session {
  makePrivateFolder(paths.sessions);
  makePrivateFolder(paths.sockets);
  makeFolder(paths.cache);
  // Nobody may take this session for an ended one before it holds its lock.
  using _turn = takeTurn(paths);

  const id = makeSessionFolder(paths);
  const files = sessionPaths(paths, id);
  using cleanup = new DisposableStack();
  cleanup.defer(() => removeSession(files));
  makePrivateFolder(files.socketFolder);
  mkdirSync(files.working);
  const lock = cleanup.use(lockOwnFile(files.lock, `${title} (process ${process.pid})`));
  const mark = cleanup.use(markProcessesOf(files.folder));
  const crashReports = cleanup.use(reportCrashesIn({ id, title }));
  const log = openSessionLog(files.events);
  const serial = createSessionConsole(files.serialLog);
  const serialTimes = recordOutputTimes(serial.output, files.serialTimes);
  const host = createHostTerminal(files.hostLog);
  const taskLog = createGrowingFile(files.taskLog);
  const taskTimes = recordOutputTimes(taskLog, files.taskTimes);
  cleanup.move();
  const close = () => {
    lastAct[Symbol.dispose]();
    serialTimes[Symbol.dispose]();
    serial.output.end();
    host[Symbol.dispose]();
    taskTimes[Symbol.dispose]();
    taskLog.end();
    log[Symbol.dispose]();
    // Those that its commands have left running.
    endProcessesOf(files.folder);
    removeWorkingFiles(files);
    removeSocketsFolder(paths);
    crashReports[Symbol.dispose]();
    mark[Symbol.dispose]();
    lock[Symbol.dispose]();
  };
  const lastAct = beforeForcedStop("the session's files", close);
  return {
    id,
    paths: files,
    serial,
    host,
    taskLog,
    record: log.record,
    subscribe: log.subscribe,
    [Symbol.dispose]: close,
  };
}

/** Makes the folder of a new session. @returns the session's id, which no other session has */
function makeSessionFolder(paths: Paths): string {
  for (;;) {
    const id = newTimedId();
    try {
      mkdirSync(sessionPaths(paths, id).folder, { mode: 0o700 });
      return id;
    } catch (error) {
      // Another session began in the same second and has the same letters.
      if (!hasErrorCode(error, "EEXIST")) throw error;
    }
  }
}
