import { join } from "node:path";
import { BrowserWindow, dialog, type Rectangle, screen } from "electron";
import { pageAddress } from "./origin.ts";
import type { StateKeeper } from "./stored-state.ts";
import { groundColor } from "./theme.ts";

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
    backgroundColor: groundColor(),
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
  window.once("ready-to-show", () => {
    // Maximizing shows a window, too.
    if (isMaximized) window.maximize();
    else window.show();
  });
  // Electron takes the maximized bounds for the normal ones if a window was maximized from the start.
  let hasNormalBounds = !isMaximized;
  window.on("unmaximize", () => {
    hasNormalBounds = true;
  });
  window.on("close", () =>
    kept.change({
      isMaximized: window.isMaximized(),
      ...(hasNormalBounds && { bounds: window.getNormalBounds() }),
    }),
  );
  const { webContents } = window;
  window.loadURL(pageAddress).catch((error) => {
    // A page that is loaded again, or whose window closes, before it was there has not failed. The contents go before their window does.
    if (error.code !== "ERR_ABORTED" && !webContents.isDestroyed())
      dialog.showErrorBox("The window can't be shown", error.message);
  });
  return window;
}

/** Brings the window in front of others; a page that has crashed is loaded again. */
export function bringForward(window: BrowserWindow): void {
  if (window.webContents.isCrashed()) window.webContents.reload();
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
