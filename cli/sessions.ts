import { Command } from "commander";
import { findPaths } from "../core/paths.ts";
import { findSessions } from "../core/session/attach.ts";
import type { SessionDescription } from "../shared/api.ts";
import { escapeName } from "../shared/escape-name.ts";
import { formatDuration } from "../shared/format.ts";
import { runToExit } from "./context.ts";
import { exportCommand } from "./export.ts";

/** `tinsmith sessions`. */
export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("List the builds and runs that are under way on this host, the oldest first.")
    .option("--json", "print them as JSON")
    .action(({ json }: { json?: boolean }) =>
      runToExit(async () => {
        const sessions = await findSessions(findPaths());
        process.stdout.write(
          json ? `${JSON.stringify(sessions, null, 2)}\n` : sessions.map(describe).join(""),
        );
        if (sessions.length === 0 && !json) process.stderr.write("No session is running.\n");
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      "\nls, get, kill and shell take an id as --session ID, and need none when there is only one.",
    )
    .addCommand(exportCommand());
}

function describe({ id, kind, title, startedAt }: SessionDescription): string {
  const time = formatDuration(Date.now() - startedAt);
  return `${id}  ${kind.padEnd(5)}  ${time.padStart(12)}  ${escapeName(title)}\n`;
}
