import { type BrowserWindow, dialog } from "electron";

interface RecoveryOptions {
  readonly window: BrowserWindow;
  /** Keeps a report of why the page is loaded again, which the page then offers. */
  readonly report: (reason: string) => void;
  /** Whether the page has changes that are lost with it. */
  readonly hasUnsaved: () => boolean;
  /** Quits the app. @returns false when a person cancels that */
  readonly quit: () => Promise<boolean>;
}

/** A page that fails so often within this time, in milliseconds, isn't loaded again without a question. */
const loop = { failures: 3, within: 60_000 };

/** A page that is only slow may answer within this time after it was seen to hang. Milliseconds. */
const patience = 10_000;

/** Loads the window's page again when it has crashed, or hangs. Sessions don't notice. */
export function recoverPage({ window, report, hasUnsaved, quit }: RecoveryOptions): void {
  const { webContents } = window;
  const failures: number[] = [];
  let reason: string | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  const reload = () => webContents.reload();
  const reloadIfCrashed = () => {
    if (!webContents.isDestroyed() && webContents.isCrashed()) reload();
  };
  // Nobody sees the question of a window that is in the background, or that was not shown yet.
  const showToAsk = () => {
    if (!window.isVisible()) window.show();
  };
  const recover = async () => {
    const now = Date.now();
    failures.push(now);
    const recent = failures.filter((time) => now - time < loop.within);
    if (recent.length < loop.failures) return reload();
    failures.length = 0;
    showToAsk();
    if ((await isReloadWanted(window)) || !(await quit())) reloadIfCrashed();
  };
  webContents.on("render-process-gone", (_event, { reason: how, exitCode }) => {
    if (how === "clean-exit" || webContents.isDestroyed()) return;
    report(reason ?? `The window's process ended: ${how}, exit code ${exitCode}`);
    reason = undefined;
    void recover();
  });
  const waitMore = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => void giveUp(), patience);
  };
  const giveUp = async () => {
    if (hasUnsaved()) {
      showToAsk();
      if (!(await isEndWanted(window))) return waitMore();
    }
    reason = "The window did not respond";
    webContents.forcefullyCrashRenderer();
  };
  window.on("unresponsive", waitMore);
  window.on("responsive", () => clearTimeout(alarm));
  window.on("closed", () => clearTimeout(alarm));
}

/** Asks what to do with a window that keeps failing. */
async function isReloadWanted(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "error",
    message: "The window has stopped working several times.",
    detail:
      "Builds and runs are not affected. If it happens again, quit, and report the error: Tinsmith saved crash reports.",
    buttons: ["Reload window", "Quit"],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0;
}

/** Asks whether a page that hangs is to be loaded again, though changes in it are lost. */
async function isEndWanted(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "warning",
    message: "The window does not respond.",
    detail:
      "It has files with unsaved changes, which are lost if you reload it. Builds and runs are not affected.",
    buttons: ["Wait", "Reload window"],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}
