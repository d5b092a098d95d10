import { join } from "node:path";
import { Menu, Notification, Tray } from "electron";

interface BackgroundOptions {
  readonly show: () => void;
  readonly quit: () => void;
}

/** How the window comes back. Not every desktop has a tray: GNOME has none. */
export const howToShow =
  "Start Tinsmith again to show the window. If your desktop has a tray, you can also click the Tinsmith icon there.";

/**
 * Shows that the app continues without its window: by an icon in the tray, where the desktop has one, and by a
 * notification, which says how the window comes back.
 */
export function showInBackground({ show, quit }: BackgroundOptions): Disposable {
  const tray = new Tray(join(import.meta.dirname, "tray.png"));
  tray.setToolTip("Tinsmith is running in the background");
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: "Show Tinsmith", click: show },
      { label: "Stop everything and quit", click: quit },
    ]),
  );
  tray.on("click", show);
  const notification = new Notification({ title: "Tinsmith is running in the background", body: howToShow });
  notification.on("click", show);
  notification.show();
  return {
    [Symbol.dispose]: () => {
      tray.destroy();
      notification.close();
    },
  };
}
