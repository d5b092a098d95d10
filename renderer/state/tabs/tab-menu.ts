import type { IDockviewPanel } from "dockview-react";
import { createStore } from "zustand/vanilla";
import { activePanel } from "../layout/all-panels.ts";
import { currentDock } from "../layout/panels.ts";
import { sessionDock } from "../layout/session-docks.ts";

/** The menu of a tab, and where it opens: pixels from the window's corner. */
export interface OpenTabMenu {
  readonly panel: IDockviewPanel;
  readonly tab: HTMLElement;
  readonly x: number;
  readonly y: number;
}

export const tabMenu = createStore<{ readonly open: OpenTabMenu | undefined }>(() => ({ open: undefined }));

export function closeTabMenu(): void {
  tabMenu.setState({ open: undefined });
}

/** The tab that an element is in, with its panel. */
export function findTab(element: EventTarget | null): Pick<OpenTabMenu, "panel" | "tab"> | undefined {
  if (!(element instanceof Element)) return undefined;
  const tab = element.closest<HTMLElement>(".dv-tab[data-tab-panel-id]");
  const session = tab?.closest<HTMLElement>("[data-session-dock]")?.dataset.sessionDock;
  const dock = session === undefined ? currentDock() : sessionDock(session);
  const panel = dock?.getPanel(tab?.dataset.tabPanelId ?? "");
  return tab && panel ? { tab, panel } : undefined;
}

/** Opens the menu of a tab where it was asked for: by the pointer, or by the keyboard, which has no place. */
export function openTabMenu(found: Pick<OpenTabMenu, "panel" | "tab">, x = 0, y = 0): void {
  const { left, top, right, bottom } = found.tab.getBoundingClientRect();
  const isInTab = x >= left && x <= right && y >= top && y <= bottom;
  tabMenu.setState({ open: { ...found, ...(isInTab ? { x, y } : { x: left, y: bottom }) } });
}

/** Opens the menu of the panel that is worked in. */
export function openActiveTabMenu(): void {
  const panel = activePanel();
  const tabs = panel?.group.element.querySelectorAll<HTMLElement>(".dv-tab[data-tab-panel-id]") ?? [];
  const tab = [...tabs].find(({ dataset }) => dataset.tabPanelId === panel?.id);
  if (panel && tab) openTabMenu({ panel, tab });
}
