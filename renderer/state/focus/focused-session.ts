import type { DockviewApi } from "dockview-react";
import { createStore } from "zustand/vanilla";
import { currentDock, sessionTabId } from "../layout/panels.ts";
import { findSession } from "../sessions/find-session.ts";

/** The session whose tab or part was worked in last, and the last one that has an action log. */
export const focusedSession = createStore<{
  readonly any: string | undefined;
  readonly run: string | undefined;
}>(() => ({ any: undefined, run: undefined }));

/** Keeps the focused session up to date with the active panel and the open sessions. */
export function followFocus(dock: DockviewApi): void {
  const follow = () => {
    const open = dock.panels.flatMap(({ params }) => params?.session ?? []);
    const { any, run } = focusedSession.getState();
    const active: string | undefined = dock.activePanel?.params?.session ?? kept(any, open);
    focusedSession.setState({ any: active, run: hasActionLog(active) ? active : kept(run, open) });
  };
  dock.onDidActivePanelChange(follow);
  dock.onDidRemovePanel(follow);
  follow();
}

function kept(session: string | undefined, open: readonly string[]): string | undefined {
  return session !== undefined && open.includes(session) ? session : open.findLast(hasActionLog);
}

function hasActionLog(session: string | undefined): boolean {
  if (session === undefined) return false;
  const tab = currentDock()?.getPanel(sessionTabId(session));
  return (findSession(session)?.kind ?? tab?.params?.sessionKind) !== "build";
}

/** The session of the panel in front: of the window's action log, the one that it shows. */
export function sessionInFront(): string | undefined {
  const active = currentDock()?.activePanel;
  return active?.id === "action-log" ? focusedSession.getState().run : active?.params?.session;
}
