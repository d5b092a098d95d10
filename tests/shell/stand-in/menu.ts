import type * as Electron from "electron";

type Template = Electron.MenuItemConstructorOptions;

class StandInItem {
  readonly id: string;
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly enabled: boolean;
  readonly accelerator: string | undefined;
  readonly submenu: StandInMenu | undefined;
  readonly click: () => void;

  constructor({ id = "", label, role, type, enabled = true, accelerator, submenu, click }: Template) {
    this.id = id;
    this.label = label ?? role ?? "";
    this.role = role;
    this.type = type ?? (submenu ? "submenu" : "normal");
    this.enabled = enabled;
    this.accelerator = accelerator?.toString();
    this.submenu = Array.isArray(submenu) ? StandInMenu.of(submenu) : undefined;
    this.click = () => {
      if (enabled) click?.(this as never, undefined, {} as never);
    };
  }
}

class StandInMenu {
  static current: StandInMenu | null = null;
  readonly items: readonly StandInItem[];

  constructor(items: readonly StandInItem[]) {
    this.items = items;
  }

  static of(template: readonly Template[]): StandInMenu {
    return new StandInMenu(template.map((one) => new StandInItem(one)));
  }

  getMenuItemById(id: string): StandInItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}

export const Menu = {
  buildFromTemplate: (template: Template[]) => StandInMenu.of(template) as unknown as Electron.Menu,
  setApplicationMenu: (menu: Electron.Menu | null) => {
    StandInMenu.current = menu as unknown as StandInMenu | null;
  },
  getApplicationMenu: () => StandInMenu.current as unknown as Electron.Menu | null,
} satisfies Pick<typeof Electron.Menu, "buildFromTemplate" | "setApplicationMenu" | "getApplicationMenu">;
