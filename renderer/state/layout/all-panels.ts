import type { DockviewApi, IDockviewPanel, SerializedDockview } from "dockview-react";
import { bringToFront } from "./bring-to-front.ts";
import { currentDock, type FilePanelParams, sessionTabId } from "./panels.ts";
import { sessionDock, sessionDocks } from "./session-docks.ts";

/**
 * All panels in the order in which they are seen, from left to right and from top to bottom, tab by tab: those of the
 * window, and in place of a session's tab the parts that it holds.
 */
export function panelsInOrder(): readonly IDockviewPanel[] {
  const dock = currentDock();
  if (!dock) return [];
  return panelsOf(dock).flatMap((panel) => {
    const parts = dockIn(panel);
    return parts && parts.totalPanels > 0 ? panelsOf(parts) : [panel];
  });
}

/** The panel that is worked in: of a session's tab, the part. */
export function activePanel(): IDockviewPanel | undefined {
  const active = currentDock()?.activePanel;
  return (active && dockIn(active)?.activePanel) ?? active;
}

/** The files whose editors are not behind another panel, the active one first. */
export function filesInFront(): readonly string[] {
  const inFront = panelsInOrder().filter(({ api }) => api.component === "editor" && api.isVisible);
  const active = activePanel();
  const ordered = inFront.toSorted((one, other) => Number(other === active) - Number(one === active));
  return ordered.map(({ params }) => (params as FilePanelParams).file);
}

/** Brings a panel to the front, with the tab that holds it. */
export function activate(panel: IDockviewPanel): void {
  const tab = sessionTabOf(panel);
  if (tab) bringToFront(tab);
  bringToFront(panel);
}

/** The session's tab that holds a panel, when one does. */
export function sessionTabOf(panel: IDockviewPanel): IDockviewPanel | undefined {
  const [session] = sessionDocks().find(([, { api }]) => api.getPanel(panel.id) === panel) ?? [];
  return session === undefined ? undefined : currentDock()?.getPanel(sessionTabId(session));
}

function dockIn({ api, params }: IDockviewPanel): DockviewApi | undefined {
  return api.component === "session" ? sessionDock(params?.session) : undefined;
}

function panelsOf(dock: DockviewApi): readonly IDockviewPanel[] {
  return groupIds(dock.toJSON().grid.root).flatMap((id) => dock.getGroup(id)?.panels ?? []);
}

function groupIds({ data }: SerializedDockview["grid"]["root"]): readonly string[] {
  return Array.isArray(data) ? data.flatMap(groupIds) : [data.id];
}
