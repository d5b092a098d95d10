import { app, type BrowserWindow, dialog, powerMonitor, type Tray } from "electron";
import { showInTray } from "./background.ts";
import type { SessionProcesses } from "./session-processes.ts";
import { bringForward } from "./window.ts";

/**
 * Closing the window while machines run asks what becomes of them; quitting leaves none behind.
 *
 * In the background, the app stays in the tray, and comes forward again by that or by a second start.
 */
export function guardClosing(window: BrowserWindow, sessions: SessionProcesses): void {
  let tray: Tray | undefined;
  let mayQuit = false;
  const quit = async () => {
    if (window.isVisible()) window.setProgressBar(2);
    await sessions.stopAll();
    mayQuit = true;
    app.quit();
  };
  const stayInBackground = () => {
    tray ??= showInTray({ show: () => bringForward(window), quit: () => void quit() });
    window.hide();
  };

  window.on("close", (event) => {
    if (mayQuit || sessions.count() === 0) return;
    event.preventDefault();
    void askAboutMachines(window, sessions.count()).then((answer) => {
      if (answer === "background") stayInBackground();
      if (answer === "stop") void quit();
    });
  });
  window.on("show", () => {
    tray?.destroy();
    tray = undefined;
  });
  app.on("before-quit", (event) => {
    if (mayQuit || sessions.count() === 0) return;
    event.preventDefault();
    if (!window.isVisible()) return void quit();
    void askToStop(window, sessions.count()).then(async (isWanted) => {
      if (isWanted) await quit();
    });
  });
  // Nobody can be asked: the machine is being shut down.
  powerMonitor.on("shutdown", () => void quit());
  app.on("window-all-closed", () => app.quit());
}

const answers = ["background", "stop", "cancel"] as const;

async function askAboutMachines(window: BrowserWindow, count: number): Promise<(typeof answers)[number]> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `${describeCount(count)} still running.`,
    detail: "Kept in the background, Tinsmith stays in the tray, and starting it again shows this window.",
    buttons: ["Keep in the background", "Stop and quit", "Cancel"],
    defaultId: 0,
    cancelId: 2,
  });
  return answers[response] ?? "cancel";
}

async function askToStop(window: BrowserWindow, count: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `${describeCount(count)} still running.`,
    detail: "Quitting stops them in order. A build that is stopped leaves the old image in place.",
    buttons: ["Stop and quit", "Cancel"],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

function describeCount(count: number): string {
  return count === 1 ? "A build or run is" : `${count} builds and runs are`;
}
