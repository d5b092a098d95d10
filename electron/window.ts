import { join } from "node:path";
import { BrowserWindow, dialog, type Rectangle, screen } from "electron";
import type { StateKeeper } from "./kept-state.ts";
import { pageAddress } from "./origin.ts";

const usualSize = { width: 1440, height: 900 };
const leastSize = { minWidth: 720, minHeight: 480 };

interface WindowOptions {
  /** The bundle of preload.ts. */
  readonly preload: string;
  readonly kept: StateKeeper;
}

/** Opens the window where it was last, and shows it when it has something to show. */
export function openWindow({ preload, kept }: WindowOptions): BrowserWindow {
  const { bounds, isMaximized } = kept.get();
  const window = new BrowserWindow({
    ...usualSize,
    ...(bounds && isOnScreen(bounds) ? bounds : {}),
    ...leastSize,
    show: false,
    title: "Tinsmith",
    icon: join(import.meta.dirname, "icon.png"),
    webPreferences: {
      preload,
      // Electron's defaults, said so that nothing else is: see docs/security.md.
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  if (isMaximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () =>
    kept.change({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }),
  );
  window.webContents.on("will-prevent-unload", (event) => {
    if (leavesUnsaved(window)) event.preventDefault();
  });
  // One that is loaded anew before it was there is no failure.
  window.loadURL(pageAddress).catch((error) => {
    if (error.code !== "ERR_ABORTED") dialog.showErrorBox("The window can't be shown", error.message);
  });
  return window;
}

/** Brings the window in front of others. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** A screen may have gone since. */
function isOnScreen(bounds: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching(bounds);
  return (
    bounds.x < workArea.x + workArea.width &&
    bounds.x + bounds.width > workArea.x &&
    bounds.y < workArea.y + workArea.height &&
    bounds.y + bounds.height > workArea.y
  );
}

/** The page has files with changes: asks whether they are to be lost, before the page is. */
function leavesUnsaved(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: "warning",
    message: "Some files have changes that are not saved.",
    detail: "They are lost when the window closes.",
    buttons: ["Close without saving", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  });
  return choice === 0;
}
