import { app, type BrowserWindow, powerMonitor } from "electron";
import { bringForward } from "../window/window.ts";
import { askAboutFiles, askAboutFilesAtOnce, askAboutSessions, askToStop } from "./closing-questions.ts";
import type { SessionProcesses } from "./session-processes.ts";
import { createBackgroundSigns } from "./tray.ts";

interface ClosingOptions {
  readonly window: BrowserWindow;
  readonly sessions: SessionProcesses;
  /** The files with changes that are not saved, as the page says. */
  readonly unsavedFiles: () => readonly string[];
}

interface Closing {
  /** Quits as the menu does. @returns whether the app ends; false when a person cancels that */
  quit(): Promise<boolean>;
}

/** After this time a page that hangs no longer keeps the app from ending. Milliseconds. */
const leaveTimeout = 5_000;

/**
 * Ends the app in order, on any request: the window's close button, the menu, the tray, a signal, a logout.
 *
 * First all questions are asked, then the sessions are stopped, then the app ends. Another request meanwhile changes
 * nothing. In the background, the app continues without a window.
 */
export function guardClosing({ window, sessions, unsavedFiles }: ClosingOptions): Closing {
  let isLeaving = false;
  let isAsking = false;
  /** From then on nobody can be asked. */
  const urgency = Promise.withResolvers<true>();
  let isUrgent = false;
  /** Nothing runs any more, and nothing keeps the app from ending. */
  let isDone = false;
  /** The files whose changes may be lost. */
  let given: readonly string[] = [];

  const hasUnsaved = () => unsavedFiles().some((file) => !given.includes(file));
  const mayLoseFiles = async () => {
    if (isUrgent || !hasUnsaved()) return true;
    bringForward(window);
    const files = unsavedFiles();
    // An urgent request abandons the question.
    const isAccepted = await Promise.race([askAboutFiles(window, files), urgency.promise]);
    if (isAccepted) given = files;
    return isAccepted;
  };
  const leave = async () => {
    if (isLeaving || window.isDestroyed()) return;
    isLeaving = true;
    window.setProgressBar(2);
    await sessions.stopAll();
    // A person may have gone on writing meanwhile.
    isDone = await mayLoseFiles();
    if (isDone) {
      setTimeout(() => app.exit(), leaveTimeout);
      app.quit();
    } else {
      window.setProgressBar(-1);
      given = [];
      isLeaving = false;
    }
  };
  const leaveUnasked = () => {
    isUrgent = true;
    urgency.resolve(true);
    void leave();
  };
  const signs = createBackgroundSigns({
    show: () => bringForward(window),
    quit: () => void ask("stop"),
  });
  const stayInBackground = () => {
    signs.show();
    window.hide();
  };
  /**
   * @param request the act to ask about: closing the window, quitting, or quitting by a person who knows that it
   *   stops sessions
   */
  const ask = async (request: "close" | "quit" | "stop") => {
    if (isLeaving || isAsking) return;
    isAsking = true;
    try {
      const count = sessions.count();
      const answer =
        request === "stop" || count === 0
          ? "stop"
          : await (request === "close" ? askAboutSessions : askToStop)(window, count);
      // A signal may have come meanwhile.
      if (isLeaving) return;
      if (answer === "background") stayInBackground();
      if (answer === "stop" && (await mayLoseFiles())) await leave();
    } finally {
      isAsking = false;
    }
  };
  const guard = (request: "close" | "quit") => (event: Electron.Event) => {
    if (isDone || (sessions.count() === 0 && !hasUnsaved())) return;
    event.preventDefault();
    // A person who quits while there is only the background knows what runs there.
    void ask(window.isVisible() ? request : "stop");
  };

  window.on("close", guard("close"));
  app.on("before-quit", guard("quit"));
  window.on("show", signs.close);
  window.webContents.on("will-prevent-unload", (event) => {
    // Also asked before a reload, and of changes that the page has not told yet.
    if (isDone || askAboutFilesAtOnce(window, unsavedFiles())) event.preventDefault();
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, leaveUnasked);
  const delayShutdown = (event: Electron.Event) => {
    event.preventDefault();
    leaveUnasked();
  };
  // Electron's types leave the event out, without which nothing waits for the app's end.
  powerMonitor.on("shutdown", delayShutdown as () => void);
  app.on("window-all-closed", () => app.quit());
  return {
    quit: async () => {
      await ask("quit");
      return isLeaving;
    },
  };
}
