import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { makeFolder } from "../../files/folders.ts";
import { deletedSessions, type Paths, sessionPaths } from "../../storage/paths.ts";
import { isSessionRunning } from "./session-summary.ts";

/**
 * Deletes the folder of a session that has ended.
 *
 * @param sessions all that there are
 * @returns the freed bytes. @throws AppError `no-session`, `busy` while it runs
 */
export async function deleteSession(
  paths: Paths,
  sessions: readonly SessionSummary[],
  id: string,
): Promise<{ freedBytes: number }> {
  const summary = sessions.find((one) => one.id === id);
  if (!summary) throw new AppError({ code: "no-session", message: `there is no session ${id}` });
  const files = sessionPaths(paths, summary.id);
  if (isSessionRunning(files))
    throw new AppError({
      code: "busy",
      message: `session ${summary.id} is running`,
      advice: "Stop it first.",
    });
  // At once: while it is removed file by file, it would be listed as one without its log.
  const trash = deletedSessions(paths);
  makeFolder(trash, { mode: 0o700 });
  const gone = join(trash, summary.id);
  await rename(files.folder, gone);
  await rm(gone, { recursive: true, force: true });
  return { freedBytes: summary.bytes };
}
