import { AppError } from "../../../shared/errors/errors.ts";
import { isOpenIn } from "../../files/locks/file-holder.ts";
import { tellsOfProcesses } from "../../process/process-tree.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { attachToCore } from "./attach.ts";
import { answerTimeout } from "./session-client.ts";

/**
 * Asks the process of a running session to end: in order, or, forced, without waiting for anything. A second request
 * that is not forced changes nothing. A process that does not answer gets a signal instead: SIGTERM, or SIGKILL when
 * it is forced and still does not answer. The session may be of any version.
 *
 * @param timeout the time that the process has to answer, in milliseconds.
 * @throws AppError as `attachToCore` does
 */
export async function stopSession(
  paths: Paths,
  session: string,
  isForced = false,
  timeout = answerTimeout,
): Promise<void> {
  const ask = async () => {
    using attached = await attachToCore(paths, session, timeout);
    await attached.api.session.stop({ force: isForced });
  };
  try {
    await ask();
  } catch (error) {
    const holder = isNotAnswering(error) ? findHolder(paths, session) : undefined;
    if (holder === undefined) throw error;
    // One that was stopped (SIGSTOP) acts on nothing else.
    process.kill(holder, "SIGCONT");
    if (!isForced) process.kill(holder, "SIGTERM");
    else
      await ask().catch(() => {
        if (findHolder(paths, session) === holder) process.kill(holder, "SIGKILL");
      });
  }
}

function isNotAnswering(error: unknown): boolean {
  return error instanceof AppError && error.code === "busy";
}

/** The process that holds a session's lock; undefined when it can't be seen that the process has it open. */
function findHolder(paths: Paths, session: string): number | undefined {
  const processId = findSessions(paths).find(({ id }) => id === session)?.processId;
  if (processId === undefined || !tellsOfProcesses) return processId;
  return isOpenIn(processId, sessionPaths(paths, session).lock) ? processId : undefined;
}
