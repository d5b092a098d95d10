import { join } from "node:path";
import { Menu, Tray } from "electron";

interface BackgroundOptions {
  readonly show: () => void;
  readonly quit: () => void;
}

/** The mark in the task bar's tray by which the app is found while its window is closed, and machines go on. */
export function showInTray({ show, quit }: BackgroundOptions): Tray {
  const tray = new Tray(join(import.meta.dirname, "tray.png"));
  tray.setToolTip("Tinsmith: machines are running");
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: "Show Tinsmith", click: show },
      { label: "Stop the machines and quit", click: quit },
    ]),
  );
  tray.on("click", show);
  return tray;
}
