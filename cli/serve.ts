import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { RPCHandler } from "@orpc/server/ws";
import { Command, Option } from "commander";
import { aborted } from "../core/abort.ts";
import { createApp } from "../core/app/app.ts";
import { startSessionProcess } from "../core/app/start-session.ts";
import { listCrashes } from "../core/crash/kept-crashes.ts";
import { installation, ownWorkspace } from "../core/installation.ts";
import { findPaths } from "../core/paths.ts";
import { findSessions } from "../core/session/attach.ts";
import { stopSession } from "../core/session/stop-session.ts";
import packageJson from "../package.json" with { type: "json" };
import type { KeptCrash } from "../shared/crash-report.ts";
import { AppError, toAppError } from "../shared/errors.ts";
import { printNote, runToExit } from "./context.ts";
import { exitStatus } from "./exit-status.ts";
import { howToExport } from "./export.ts";
import { wholeNumber } from "./options.ts";
import { askAboutRunning } from "./serve/ask-about-running.ts";
import { openOnDesktop } from "./serve/desktop.ts";
import { startUiServer } from "./serve/ui-server.ts";

interface Options {
  readonly port: number;
  readonly open?: boolean;
  readonly keep?: boolean;
}

/** `tinsmith serve`. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve the UI to browsers of this user on this host.")
    .addOption(
      new Option("--port <NUMBER>", "port of 127.0.0.1; any that is free without it")
        .argParser(wholeNumber(0, 65_535, "a port"))
        .default(0),
    )
    .option("--open", "open it in the browser")
    .option("--keep", "when this ends, leave the sessions that run as they are, without asking")
    .action(serve)
    .addHelpText(
      "after",
      `
Builds and runs that are started here are processes of their own: they go on when this ends, if that is wanted, and
the command line can attach to them.`,
    );
}

function serve({ port, open = false, keep = false }: Options): Promise<void> {
  return runToExit(async (signal) => {
    const { renderer } = installation;
    if (!existsSync(renderer))
      throw new AppError({
        code: "missing-file",
        message: `the UI is not built: ${renderer} does not exist`,
        advice: "Build it: npm run build:renderer.",
      });
    const paths = findPaths();
    const app = createApp({
      paths,
      version: packageJson.version,
      workspace: ownWorkspace(paths),
      startSession: (args) => startSessionProcess([process.execPath, installation.commandLine, ...args]),
      stopSession: (session) => stopSession(paths, session),
      reveal: openOnDesktop,
    });
    await using server = await startUiServer({
      paths,
      renderer: resolve(renderer),
      port,
      rpc: new RPCHandler(app),
    });
    process.stdout.write(`${server.address}\n`);
    for (const crash of listCrashes(paths)) printNote(describeCrash(crash));
    if (open)
      await openOnDesktop(server.address).catch((error) => printNote(`${toAppError(error).message}.`));
    await aborted(signal).catch(() => {});
    if (!keep) await askAboutRunning(await findSessions(paths), (session) => stopSession(paths, session));
    return exitStatus.success;
  });
}

function describeCrash({ id, path, report: { time, program, session, error } }: KeptCrash): string {
  const what = session ? `the process of ${session.title}` : program;
  const end = `${what} ended unexpectedly on ${new Date(time).toLocaleString()}: ${error.message}`;
  return `${end}. The report is in ${path}. ${howToExport(id)}`;
}
