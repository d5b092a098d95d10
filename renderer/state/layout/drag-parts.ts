import type { DockviewApi, DockviewDidDropEvent, DockviewDndOverlayEvent } from "dockview-react";
import { currentDock, type PanelPosition } from "./panels.ts";
import { type Part, placeInSession } from "./parts.ts";
import { closeWindowActionLog, pullOutTo, putBack } from "./pull-out.ts";
import { partOf, sessionDock, sessionDocks } from "./session-docks.ts";

type DragEventOfDock = Pick<DockviewDndOverlayEvent, "getData" | "nativeEvent">;

/** Lets parts be dragged out of the tabs of their sessions, into the window. */
export function takeDraggedParts(window: DockviewApi): void {
  window.onUnhandledDragOver((event) => {
    const part = draggedFromSession(event);
    // In its own session's tab it is only moved.
    if (part && !isOverSession(event, part.session)) event.accept();
  });
  window.onDidDrop((event) => {
    const part = draggedFromSession(event);
    if (part) pullOutTo(part, positionOf(event));
  });
  // The window is asked first, and would take a part that may go back into its session's tab.
  window.onWillShowOverlay((event) => {
    if (sessionDocks().some(([session]) => draggedBack(event, session) && isOverSession(event, session)))
      event.preventDefault();
  });
}

/** Lets parts be dragged back into their session's tab. */
export function takeBackDraggedParts(dock: DockviewApi, session: string): void {
  dock.onUnhandledDragOver((event) => {
    if (draggedBack(event, session)) event.accept();
  });
  dock.onDidDrop((event) => {
    const part = draggedBack(event, session);
    if (!part) return;
    if (currentDock()?.getPanel("action-log") && part.kind === "exchanges") closeWindowActionLog();
    else putBack(part);
    const panel = sessionDock(session)?.getPanel(placeInSession(part));
    const { group, position } = event;
    if (!group) panel?.api.moveTo({ group: dock.addGroup({ direction: directions[position] }) });
    else if (position !== "center" || panel?.group !== group) panel?.api.moveTo({ group, position });
  });
}

/** The part that is dragged out of a session's tab. */
function draggedFromSession(event: Pick<DragEventOfDock, "getData">): Part | undefined {
  const { viewId, panelId } = event.getData() ?? {};
  const [, found] = sessionDocks().find(([, { api }]) => api.id === viewId) ?? [];
  const panel = panelId ? found?.api.getPanel(panelId) : undefined;
  return panel && partOf(panel);
}

/** The part of a session that was pulled out, and is dragged. */
function draggedBack(event: Pick<DragEventOfDock, "getData">, session: string): Part | undefined {
  const { viewId, panelId } = event.getData() ?? {};
  const dock = currentDock();
  const panel = panelId && dock?.id === viewId ? dock?.getPanel(panelId) : undefined;
  if (panel?.id === "action-log") return { session, kind: "exchanges" };
  const part = panel && partOf(panel);
  return part?.session === session ? part : undefined;
}

function isOverSession({ nativeEvent }: Pick<DragEventOfDock, "nativeEvent">, session: string): boolean {
  const { target } = nativeEvent;
  const dock = target instanceof Element ? target.closest<HTMLElement>("[data-session-dock]") : undefined;
  return dock?.dataset.sessionDock === session;
}

const directions = { top: "above", bottom: "below", left: "left", right: "right", center: "within" } as const;

function positionOf({ group, position }: DockviewDidDropEvent): PanelPosition {
  const direction = directions[position];
  return { position: group ? { referenceGroup: group, direction } : { direction } };
}
