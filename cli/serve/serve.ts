import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { StandardRPCHandler } from "@orpc/server/standard";
import { Command, Option } from "commander";
import { createApp } from "../../core/app/app.ts";
import { aborted } from "../../core/async/abort.ts";
import { listCrashes } from "../../core/crash/crash-reports.ts";
import { clearedLeftover } from "../../core/files/writing/partial-file.ts";
import { sessionArguments, startSessionProcess } from "../../core/session/client/start-session.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { relieveMemory } from "../../core/session/serve/memory-relief.ts";
import { findSessions } from "../../core/session-record/find-sessions.ts";
import { installation, ownWorkspace } from "../../core/storage/installation.ts";
import { findPaths } from "../../core/storage/paths.ts";
import packageJson from "../../package.json" with { type: "json" };
import { describeOutcome, type StoredCrashReport } from "../../shared/app/crash-report.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { howToExport } from "../commands/sessions/how-to-export.ts";
import { runToExit } from "../support/context.ts";
import { exitStatus } from "../support/exit-status.ts";
import { port as portParser } from "../support/options.ts";
import { print, printMessage, printNote } from "../support/print.ts";
import { askAboutRunning } from "./ask-about-running.ts";
import { openOnDesktop } from "./desktop.ts";
import { createFileAddresses } from "./file-addresses.ts";
import { askForLinks, clearKilledLinks, serveLinks } from "./link-socket.ts";
import { onEnter } from "./on-enter.ts";
import { openWindow } from "./open-window.ts";
import { startUiServer } from "./ui-server.ts";

interface Options {
  readonly port?: number;
  readonly open?: boolean;
  readonly link?: boolean;
  readonly keep?: boolean;
}

/** `tinsmith serve`. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve the window to browsers of this user on this host.")
    .addOption(
      new Option("--port <NUMBER>", "port of this host's loopback; without it, any free port").argParser(
        portParser(),
      ),
    )
    .option("--open", "open it in the browser")
    .option("--link", "print a new link to the window of the running server, and exit")
    .option("--keep", "when this command ends, leave running sessions alone without asking")
    .action(({ link = false, ...options }: Options) => (link ? printLinks(options) : serve(options)))
    .addHelpText(
      "after",
      `
A link opens one window. Enter in this command's terminal prints a new one, and so does tinsmith serve --link in another.

Builds and runs that you start here are processes of their own. They can continue when this command ends, and the
CLI can attach to them.`,
    );
}

function printLinks({ port }: Options): Promise<void> {
  return runToExit(async () => {
    const links = await askForLinks(findPaths(), port);
    if (links.length === 0)
      throw new AppError({
        code: "no-session",
        message: `no tinsmith serve of this user answers${port === undefined ? "" : ` on port ${port}`}`,
        advice: "Start it: tinsmith serve.",
      });
    print(links.map((link) => `${link}\n`).join(""));
    return undefined;
  });
}

function serve({ port = 0, open = false, keep = false }: Options): Promise<void> {
  return runToExit(
    async (signal) => {
      const { renderer } = installation;
      if (!existsSync(renderer))
        throw new AppError({
          code: "missing-file",
          message: `the window is not built: ${renderer} does not exist`,
          advice: "Build it: npm run build:renderer.",
        });
      const paths = findPaths();
      const addresses = createFileAddresses();
      const app = createApp({
        paths,
        version: packageJson.version,
        workspace: ownWorkspace(paths),
        startSession: (plan) =>
          startSessionProcess([process.execPath, installation.commandLine, ...sessionArguments], plan),
        stopSession: (session, isForced) => stopSession(paths, session, isForced),
        reveal: openOnDesktop,
        addressOf: addresses.make,
      });
      await using cleanup = new AsyncDisposableStack();
      cleanup.use(relieveMemory());
      const rpc = new StandardRPCHandler(app);
      const server = cleanup.use(
        await startUiServer({ paths, renderer: resolve(renderer), port, rpc, addresses }),
      );
      for (const path of await clearKilledLinks(paths)) printNote(clearedLeftover(path));
      cleanup.use(await serveLinks(paths, server.port, server.newLink));
      const printLink = () => print(`${server.newLink()}\n`);
      printLink();
      const enter = onEnter(printLink, () =>
        printMessage(
          "tinsmith serve no longer reads this terminal, since Ctrl-D ended its input. " +
            "Run tinsmith serve --link for a new link, and press Ctrl-C to stop tinsmith serve.\n",
        ),
      );
      printMessage(
        `The link opens one window. ${enter ? "Press Enter here, or run" : "Run"} tinsmith serve --link for a new one.\n`,
      );
      for (const crash of listCrashes(paths)) printNote(describeCrash(crash));
      if (open)
        cleanup.use(
          openWindow(paths, server, (error) =>
            printNote(
              `No browser could be opened: ${toAppError(error).message}. Open this link: ${server.newLink()}`,
            ),
          ),
        );
      await aborted(signal).catch(() => {});
      // Input from here on is an answer.
      enter?.[Symbol.dispose]();
      if (!keep) await askAboutRunning(await findSessions(paths), (session) => stopSession(paths, session));
      return exitStatus.success;
    },
    { survivesErrors: true },
  );
}

function describeCrash(crash: StoredCrashReport): string {
  const { id, path, report } = crash;
  return `${describeOutcome(report)}: ${report.error.message}. The report is in ${path}. ${howToExport(id)}`;
}
