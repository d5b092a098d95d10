import type { DockviewApi } from "dockview-react";
import type { SessionKind } from "../../../shared/session/session-kind.ts";
import { watchBreakpoints } from "../breakpoints/watch-breakpoints.ts";
import { remember, windowState } from "../connection/window-state.ts";
import { followFocus } from "../focus/focused-session.ts";
import { findSession } from "../sessions/find-session.ts";
import { forgetClosedSessions } from "../sessions/forget-sessions.ts";
import { nameSessions } from "../sessions/session-names.ts";
import { currentDock, hasMiddle, showPanel } from "./panels.ts";
import { partsOf } from "./parts.ts";
import { closeWindowActionLog, putBack } from "./pull-out.ts";
import { addSessionDock, arrangeAnew, partOf, sessionDock, sessionDocks } from "./session-docks.ts";
import { type ReadLayout, readLayout, type StoredLayout } from "./stored-layout.ts";

/** The stored state of the sessions' tabs, of which not all may have been looked at since. */
let kept: Pick<ReadLayout, "sessions" | "kinds"> = { sessions: {}, kinds: {} };

/** Puts the panels where they were, or, the first time, where they belong; and remembers where they are put. */
export function restoreLayout(): void {
  const dock = currentDock();
  if (!dock) return;
  const { window, sessions, kinds } = readLayout(windowState.getState().layout);
  kept = { sessions, kinds };
  if (!window || !tryLayout(dock, window)) {
    dock.clear();
    showFirstPanels();
  }
  dock.onDidRemovePanel(() =>
    // Not in the middle of a change of all panels.
    queueMicrotask(() => {
      if (!hasMiddle()) showPanel("welcome");
    }),
  );
  nameSessions(dock);
  followFocus(dock);
  forgetClosedSessions(dock);
  watchBreakpoints(dock);
  dock.onDidLayoutChange(keepLayout);
}

/** Opens the parts of a session where they were, else where those of the last session of its kind are. @returns a function that ends it */
export function restoreSession(session: string, kindAtFirst: SessionKind, api: DockviewApi): () => void {
  const kind = findSession(session)?.kind ?? kindAtFirst;
  const own = kept.sessions[session];
  const arranged = own ?? ofSession(kept.kinds[kind], session);
  if (arranged && !tryLayout(api, arranged)) api.clear();
  if (!own) showAfresh(api, kind);
  const leave = addSessionDock(session, { kind, api });
  const listening = api.onDidLayoutChange(() => {
    // The parts of one that is not seen have no place.
    if (api.width > 0) kept = { ...kept, kinds: { ...kept.kinds, [kind]: api.toJSON() } };
    keepLayout();
  });
  return () => {
    listening.dispose();
    leave();
  };
}

/** Whether a session had shells, which are to be taken over before they end. */
export function hasKeptShells(session: string): boolean {
  const panels = Object.values(kept.sessions[session]?.panels ?? {});
  return panels.some(({ params }) => params?.instance);
}

/** An arrangement comes without the shells of its session, and with the log in front. */
function showAfresh(api: DockviewApi, kind: SessionKind): void {
  for (const panel of api.panels) if (panel.params?.instance) panel.api.close();
  const [log] = partsOf(kind);
  api.getPanel(log)?.api.setActive();
}

/** The arrangement of another session's parts, for this one. */
function ofSession(
  arranged: StoredLayout["sessions"][string] | undefined,
  session: string,
): StoredLayout["sessions"][string] | undefined {
  if (!arranged) return undefined;
  const panels = Object.entries(arranged.panels).map(
    ([id, panel]) => [id, { ...panel, params: { ...panel.params, session } }] as const,
  );
  return { ...arranged, panels: Object.fromEntries(panels) };
}

function keepLayout(): void {
  const dock = currentDock();
  if (!dock) return;
  const open = dock.panels.flatMap(({ api, params }) =>
    api.component === "session" ? [`${params?.session}`] : [],
  );
  const sessions = Object.fromEntries(
    open.flatMap((session) => {
      const layout = sessionDock(session)?.toJSON() ?? kept.sessions[session];
      return layout ? [[session, layout] as const] : [];
    }),
  );
  kept = { ...kept, sessions };
  const layout: StoredLayout = { version: 2, window: dock.toJSON(), ...kept };
  remember({ layout: JSON.stringify(layout) });
}

/** Puts the panels and the parts of sessions where they belong; none of those in the middle is closed. */
export function resetLayout(): void {
  const dock = currentDock();
  if (!dock) return;
  for (const panel of dock.panels) {
    const part = panel.api.component === "part" ? partOf(panel) : undefined;
    if (part) putBack(part);
  }
  closeWindowActionLog();
  for (const id of ["library", "sessions"]) dock.getPanel(id)?.api.close();
  const [first, ...others] = dock.panels;
  for (const panel of others) if (first) panel.api.moveTo({ group: first.group });
  showFirstPanels();
  kept = { sessions: {}, kinds: {} };
  for (const [session] of sessionDocks()) arrangeAnew(session);
}

function showFirstPanels(): void {
  if (!hasMiddle()) showPanel("welcome");
  showPanel("library");
  showPanel("sessions");
  showPanel("library");
}

/** The panels' library may refuse one that has the right form. */
function tryLayout(dock: DockviewApi, stored: StoredLayout["window"]): boolean {
  try {
    dock.fromJSON(stored);
    return true;
  } catch {
    return false;
  }
}
