import { Menu, type MenuItemConstructorOptions } from "electron";
import type { MenuCommand } from "../../shared/contracts/desktop-contract.ts";

interface MenuSource {
  /** The palette's commands; none until the page is there. */
  readonly commands: readonly MenuCommand[];
  /** Paths, the latest first. */
  readonly recent: readonly string[];
  readonly run: (command: string) => void;
  readonly open: (path: string) => void;
  readonly forgetRecent: () => void;
}

/** Groups of the palette that come first, in this order; those of one panel follow under their own names. */
const firstGroups = ["File", "Build", "Library", "View"];
const lastGroups = ["Window"];

/** Makes the menu bar of the palette's commands, so that there is one list of commands. */
export function buildMenu(source: MenuSource): Menu {
  const groups = [...Map.groupBy(source.commands, ({ group }) => group).keys()];
  const middle = groups.filter((group) => !firstGroups.includes(group) && !lastGroups.includes(group));
  const submenuOf = (group: string) => commandItems(source, group);
  return Menu.buildFromTemplate([
    {
      label: "&File",
      submenu: [
        ...submenuOf("File"),
        { label: "Open recent", submenu: recentItems(source) },
        { type: "separator" },
        { role: "quit" },
      ],
    },
    { role: "editMenu" },
    ...["Build", "Library", ...middle]
      .map((group) => ({ label: asLabel(group), submenu: submenuOf(group) }))
      .filter(({ submenu }) => submenu.length > 0),
    {
      label: "&View",
      submenu: [
        ...submenuOf("View"),
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        { role: "toggleDevTools" },
      ],
    },
    {
      label: "&Window",
      role: "window",
      submenu: [...submenuOf("Window"), { type: "separator" }, { role: "minimize" }],
    },
  ]);
}

function commandItems({ commands, run }: MenuSource, group: string): MenuItemConstructorOptions[] {
  return commands
    .filter((command) => command.group === group)
    .map(({ id, title, keys, isAvailable }) => ({
      id,
      label: asLabel(title),
      enabled: isAvailable,
      ...(keys && {
        accelerator: accelerator(keys),
        // The page takes the keys: only it knows whether they are meant for a guest.
        registerAccelerator: false,
      }),
      click: () => run(id),
    }));
}

function recentItems({ recent, open, forgetRecent }: MenuSource): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: "No recent files", enabled: false }];
  return [
    ...recent.map((path) => ({ label: asLabel(path), click: () => open(path) })),
    { type: "separator" },
    { label: "Clear recent files", click: forgetRecent },
  ];
}

/** A text as a menu shows it: one "&" alone would underline the letter after it. */
function asLabel(text: string): string {
  return text.replaceAll("&", "&&");
}

/** From the palette's way of writing keys to Electron's. */
function accelerator(keys: string): string {
  return keys.replace("Arrow", "");
}
