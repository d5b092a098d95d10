import { EventEmitter } from "node:events";
import type * as Electron from "electron";

export const powerMonitor = new EventEmitter();

const workArea = { x: 0, y: 0, width: 1920, height: 1080 };

export const screen = {
  getDisplayMatching: () => ({ workArea }) as Electron.Display,
} satisfies Pick<Electron.Screen, "getDisplayMatching">;

export const shell = {
  openExternal: async () => {},
  showItemInFolder: () => {},
} satisfies Pick<Electron.Shell, "openExternal" | "showItemInFolder">;

/** The trays that are there. */
const trays = new Set<Tray>();

export class Tray
  extends EventEmitter
  implements Pick<Electron.Tray, "setToolTip" | "setContextMenu" | "destroy">
{
  static readonly shown = trays;
  menu: Electron.Menu | null = null;
  readonly image: string;
  constructor(image: string) {
    super();
    this.image = image;
    trays.add(this);
  }
  setToolTip(): void {}
  setContextMenu(menu: Electron.Menu | null): void {
    this.menu = menu;
  }
  destroy(): void {
    trays.delete(this);
  }
}

export class Notification
  extends EventEmitter
  implements Pick<Electron.Notification, "show" | "title" | "body">
{
  title: string;
  body: string;
  constructor({ title = "", body = "" }: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = title;
    this.body = body;
  }
  show(): void {}
}
