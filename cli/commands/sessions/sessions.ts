import { Command } from "commander";
import { createSessionList } from "../../../core/app/sessions/session-list.ts";
import { probeSession, type SessionProbe } from "../../../core/session/client/attach.ts";
import { findSessions } from "../../../core/session-record/find-sessions.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { describeOtherProtocol } from "../../../shared/contracts/session-protocol.ts";
import type { SessionDescription } from "../../../shared/session/session-description.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printJson, printMessage, printNote } from "../../support/print.ts";
import { exportCommand } from "./export.ts";

type ListedSession = SessionDescription & SessionProbe;

/** A session answers within a few milliseconds, on a busy host within a few hundred. Milliseconds. */
const answerTime = 1_000;

/** `tinsmith sessions`. */
export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("List the builds and runs that are running on this host, the oldest first.")
    .option("--all", "list those that have ended too, the newest first")
    .option("--json", "print them as JSON")
    .action(({ json, all }: { json?: boolean; all?: boolean }) =>
      runToExit(async () => {
        if (all) return await listAll(json);
        const paths = findPaths();
        const sessions = await Promise.all(
          findSessions(paths).map(async (session) => ({
            ...session,
            ...(await probeSession(paths, session, answerTime)),
          })),
        );
        if (json) printJson(sessions, 2);
        else if (sessions.length === 0) printMessage("No session is running.\n");
        else print(sessions.map(describe).join(""));
        for (const session of sessions) {
          const other = describeOtherProtocol(session);
          if (other) printNote(`${other.message}. ${other.advice}`);
        }
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
ls, get, kill and shell take an id as --session ID, and need none when there is only one.
With --all each line has the id, the kind, the state, the end (UTC) and the title.`,
    )
    .addCommand(exportCommand());
}

function describe({ id, kind, title, startedAt, ...probe }: ListedSession): string {
  const time = formatDuration(Date.now() - startedAt);
  return `${id}  ${kind.padEnd(5)}  ${time.padStart(12)}  ${escapeName(title)}${describeProbe(probe)}\n`;
}

function describeProbe({ isAnswering, virtualMachine }: SessionProbe): string {
  if (!isAnswering) return "  (not answering)";
  if (virtualMachine === "paused") return "  (paused)";
  return virtualMachine === "waiting" ? "  (waiting for space on the host)" : "";
}

/** Lists all sessions that are kept, running and ended. */
async function listAll(json = false): Promise<undefined> {
  const sessions = await createSessionList(findPaths())();
  if (json) printJson(sessions, 2);
  else if (sessions.length === 0) printMessage("No session is kept.\n");
  else print(sessions.map(describeKept).join(""));
  for (const { id, status, error } of sessions)
    if (status === "unreadable" && error) printNote(`session ${id}: ${error.message}. ${error.advice}`);
}

function describeKept({ id, kind, status, ended, title, canRetry }: SessionSummary): string {
  const end = ended === undefined ? "" : `${new Date(ended).toISOString().slice(0, 19)}Z`;
  const retry = canRetry ? "  (can be retried)" : "";
  return `${id}  ${kind.padEnd(5)}  ${status.padEnd(10)}  ${end.padEnd(20)}  ${escapeName(title)}${retry}\n`;
}
