import { basename } from "node:path";
import { type BrowserWindow, dialog, type MessageBoxOptions } from "electron";
import { howToShow } from "./tray.ts";

/** The choice of a person who closes the window while sessions run. */
type ClosingAnswer = "background" | "stop" | "cancel";

const answers: readonly ClosingAnswer[] = ["background", "stop", "cancel"];

/** Asks whether sessions continue or stop when the window closes. @param count how many run */
export async function askAboutSessions(window: BrowserWindow, count: number): Promise<ClosingAnswer> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `${describeCount(count)} still running.`,
    detail: `In the background, Tinsmith continues without a window. ${howToShow}`,
    buttons: ["Keep in the background", "Stop and quit", "Cancel"],
    defaultId: 0,
    cancelId: 2,
  });
  return answers[response] ?? "cancel";
}

/** Asks whether the app is to quit, though that stops sessions. @param count how many run */
export async function askToStop(window: BrowserWindow, count: number): Promise<ClosingAnswer> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `${describeCount(count)} still running.`,
    detail:
      "Tinsmith cancels builds and stops runs before it quits. A cancelled build leaves the old image as it is.",
    buttons: ["Stop and quit", "Cancel"],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0 ? "stop" : "cancel";
}

/** Asks whether changes that are not saved may be lost. @param files the paths; none if they are not known */
export async function askAboutFiles(window: BrowserWindow, files: readonly string[]): Promise<boolean> {
  return (await dialog.showMessageBox(window, filesQuestion(files))).response === 0;
}

/** As `askAboutFiles`, where the answer is needed at once. */
export function askAboutFilesAtOnce(window: BrowserWindow, files: readonly string[]): boolean {
  return dialog.showMessageBoxSync(window, filesQuestion(files)) === 0;
}

function filesQuestion(files: readonly string[]): MessageBoxOptions {
  const [only] = files;
  return {
    type: "warning",
    message:
      files.length === 1 && only
        ? `${basename(only)} has unsaved changes.`
        : `${files.length || "Some"} files have unsaved changes.`,
    detail: ["Your changes are lost if you close the window without saving.", ...files].join("\n"),
    buttons: ["Close without saving", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  };
}

function describeCount(count: number): string {
  return count === 1 ? "A build or run is" : `${count} builds and runs are`;
}
