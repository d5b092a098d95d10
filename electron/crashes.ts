import { app, dialog } from "electron";
import { createSessionList } from "../core/app/session-list.ts";
import { installCrashReporter } from "../core/crash/crash-reporter.ts";
import type { Paths } from "../core/paths.ts";

/** Lets an error that nobody has caught end the app, with a report that the next start offers. */
export function endOnCrash(paths: Paths, version: string): void {
  let report: string | undefined;
  installCrashReporter({
    paths,
    version,
    program: "the desktop app",
    listSessions: createSessionList(paths),
    onReport: ({ path }) => {
      report = path;
    },
  });
  // Left to itself, Electron goes on after both, in whatever state it is.
  process.on("unhandledRejection", (reason) => {
    throw reason;
  });
  process.on("uncaughtException", (error) => {
    const kept = report ? `A report is in ${report}; the next start offers it.` : "No report could be kept.";
    dialog.showErrorBox("Tinsmith has to end", `${error.message}\n\n${kept}`);
    app.exit(1);
  });
}
