import { Command } from "commander";
import type { SessionProbe } from "../../../core/session/client/attach.ts";
import { findSessions } from "../../../core/session-record/find-sessions.ts";
import { findPaths, type Paths } from "../../../core/storage/paths.ts";
import { describeOtherProtocol } from "../../../shared/contracts/session-protocol.ts";
import type { SessionDescription } from "../../../shared/session/session-description.ts";
import { nameOf } from "../../../shared/session/session-name.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printJson, printMessage, printNote } from "../../support/print.ts";
import { compareCommand } from "./compare.ts";
import { exportCommand } from "./export.ts";
import { recordingCommand } from "./recording.ts";

interface ListedSession extends SessionDescription, SessionProbe {
  readonly command: string[] | undefined;
}

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
        const sessions = await Promise.all(findSessions(paths).map((session) => look(paths, session)));
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
With --all each line has the id, the kind, the state, the end (UTC), the title and a run's command.`,
    )
    .addCommand(compareCommand())
    .addCommand(exportCommand())
    .addCommand(recordingCommand());
}

async function look(paths: Paths, session: SessionDescription): Promise<ListedSession> {
  const { probeSession } = await import("../../../core/session/client/attach.ts");
  const probe = await probeSession(paths, session, answerTime);
  return { ...session, command: await commandOf(paths, session.id), ...probe };
}

function describe(session: ListedSession): string {
  const { id, kind, startedAt, command, ...probe } = session;
  const time = formatDuration(Date.now() - startedAt);
  return `${id}  ${kind.padEnd(5)}  ${time.padStart(12)}  ${describeWork(session)}${describeProbe(probe)}\n`;
}

/** A session's title, with the command of a run. */
function describeWork({ title, command }: Pick<SessionSummary, "title" | "command">): string {
  const work = escapeName(title);
  if (!command) return work;
  const name = nameOf({ title, command });
  // The title of a MetaService has its command.
  return work.endsWith(name) ? work : `${work}: ${name}`;
}

/** The command of a run, as its record tells it; a record that can't be read tells none. */
async function commandOf(paths: Paths, id: string): Promise<string[] | undefined> {
  const { describeSession } = await import("../../../core/app/sessions/session-summary.ts");
  try {
    return describeSession(paths, id)?.command;
  } catch {
    return undefined;
  }
}

function describeProbe({ isAnswering, virtualMachine }: SessionProbe): string {
  if (!isAnswering) return "  (not answering)";
  if (virtualMachine === "paused") return "  (paused)";
  return virtualMachine === "waiting" ? "  (waiting for space on the host)" : "";
}

/** Lists all sessions that are kept, running and ended. */
async function listAll(json = false): Promise<undefined> {
  const { createSessionList } = await import("../../../core/app/sessions/session-list.ts");
  const sessions = await createSessionList(findPaths())();
  if (json) printJson(sessions, 2);
  else if (sessions.length === 0) printMessage("No session is kept.\n");
  else print(sessions.map(describeKept).join(""));
  for (const { id, status, error } of sessions)
    if (status === "unreadable" && error) printNote(`session ${id}: ${error.message}. ${error.advice}`);
}

function describeKept(session: SessionSummary): string {
  const { id, kind, status, ended, canRetry, taskKilled } = session;
  const end = ended === undefined ? "" : `${new Date(ended).toISOString().slice(0, 19)}Z`;
  const more = canRetry ? "  (can be retried)" : taskKilled ? "  (killed on request)" : "";
  return `${id}  ${kind.padEnd(5)}  ${status.padEnd(10)}  ${end.padEnd(20)}  ${describeWork(session)}${more}\n`;
}
