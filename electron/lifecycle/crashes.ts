import { app, dialog } from "electron";
import {
  describeError,
  installCrashReporter,
  reportError,
  surviveErrors,
} from "../../core/crash/crash-reporter.ts";
import type { Paths } from "../../core/storage/paths.ts";

/** Keeps reports of the app's crashes. The window offers them. */
export interface Crashes {
  /** The window's page is reloaded, for that reason. */
  pageReloaded(reason: string): void;
  /** The app can't begin its work: says why, and ends it. */
  cannotStart(thrown: unknown): void;
}

/** Lets the app continue after an error that nobody has caught: its window is served, and its sessions are processes of their own. */
export function surviveCrashes(paths: Paths, version: string): Crashes {
  const own = { paths, version, program: "The desktop app" };
  installCrashReporter({ ...own, onReport: () => {} });
  surviveErrors();
  return {
    pageReloaded: (reason) => {
      const page = { ...own, program: "The window" };
      reportError({ message: reason, stack: "" }, "reloaded", page);
    },
    cannotStart: (thrown) => {
      const error = describeError(thrown);
      const [kept] = reportError(error, "ended", own);
      const where = kept ? `The report is in ${kept.path}.` : "The report can't be saved.";
      dialog.showErrorBox("Tinsmith can't start", `${error.message}\n\n${where}`);
      app.exit(1);
    },
  };
}
