import { join } from "node:path";
import { Menu, Notification, Tray } from "electron";

interface BackgroundOptions {
  readonly show: () => void;
  readonly quit: () => void;
}

/** The ways to show the window again. Not every desktop has a tray: GNOME has none. */
export const howToShow =
  "Start Tinsmith again to show the window. If your desktop has a tray, you can also click the Tinsmith icon there.";

/** The signs that the app continues without its window. */
export interface BackgroundSigns {
  /** Adds an icon to the tray, where the desktop has one, and shows a notification that says how the window comes back. */
  show(): void;
  /** Closes the notification. The icon stays. */
  close(): void;
}

/** Makes the signs. They are shown each time that the window is closed and the app continues. */
export function createBackgroundSigns({ show, quit }: BackgroundOptions): BackgroundSigns {
  // Electron crashes if it destroys an icon that it has only begun to register on the session bus.
  let tray: Tray | undefined;
  let notification: Notification | undefined;
  return {
    show: () => {
      if (!tray) tray = createTray({ show, quit });
      notification?.close();
      notification = new Notification({ title: "Tinsmith is running in the background", body: howToShow });
      notification.on("click", show);
      notification.show();
    },
    close: () => {
      notification?.close();
      notification = undefined;
    },
  };
}

function createTray({ show, quit }: BackgroundOptions): Tray {
  const tray = new Tray(join(import.meta.dirname, "tray.png"));
  tray.setToolTip("Tinsmith");
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: "Show Tinsmith", click: show },
      { label: "Stop everything and quit", click: quit },
    ]),
  );
  tray.on("click", show);
  return tray;
}
