import { rm } from "node:fs/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
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
  await rm(files.folder, { recursive: true });
  return { freedBytes: summary.bytes };
}
