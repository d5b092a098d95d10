/**
 * A stand-in for the module `electron` where its binary can't be had: the app's own bundles run on Node, and their window
 * is a page of Debian's Chromium, driven over the DevTools protocol. What it can't show: the scheme's real origin,
 * the sandbox, native menus and dialogs, fuses, and Electron's own Node.
 */
import { answerTheTest } from "./control.ts";

export { app } from "./app.ts";
export { BrowserWindow } from "./browser-window.ts";
export { Notification, powerMonitor, screen, shell, Tray } from "./desktop.ts";
export { dialog } from "./dialog.ts";
export { ipcMain } from "./ipc-main.ts";
export { Menu } from "./menu.ts";
export { protocol } from "./protocol.ts";
export { session } from "./session.ts";
export { utilityProcess } from "./utility-process.ts";

answerTheTest(() => import("./electron.ts"));
