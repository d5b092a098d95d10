import type { IDockviewPanel } from "dockview-react";
import { focusedSession } from "../focus/focused-session.ts";
import { addPanel, currentDock, type PanelPosition, sessionTabId, showPanel } from "./panels.ts";
import { type Part, partId, placeInSession } from "./parts.ts";
import {
  completeSession,
  findPulledOut,
  sessionDock,
  sessionDocks,
  showInSession,
  windowHasActionLog,
} from "./session-docks.ts";
import { showPart } from "./session-panels.ts";

/** The place that a part is pulled out to: a tab beside its session's, or a place at the right of it. */
export type PullOutTarget = "tab" | "beside";

/**
 * Pulls a part out of its session's tab. The first action log that is pulled out becomes the window's, which follows the
 * session that has the focus.
 */
export function pullOut(part: Part, to: PullOutTarget): void {
  const tab = currentDock()?.getPanel(sessionTabId(part.session));
  if (!tab) return;
  pullOutTo(part, {
    position: { referenceGroup: tab.group, direction: to === "tab" ? "within" : "right" },
  });
}

/** Pulls a part out to a place of its own. */
export function pullOutTo(part: Part, position: PanelPosition): void {
  if (part.kind === "exchanges" && windowHasActionLog()) {
    showPanel("action-log");
    return;
  }
  sessionDock(part.session)?.getPanel(placeInSession(part))?.api.close();
  if (part.kind === "exchanges") {
    addPanel("action-log", { component: "action-log" }, position);
    for (const [session] of sessionDocks()) completeSession(session);
  } else addPanel(partId(part), { component: "part", params: part }, position);
}

/** Puts a part that was pulled out back into its session's tab, which is opened when it is closed. */
export function putBack(part: Part): void {
  findPulledOut(part)?.api.close();
  if (currentDock()?.getPanel(sessionTabId(part.session))) showInSession(part);
  else showPart(part);
}

/** Closes the action log that follows the focus: each session has its own again. */
export function closeWindowActionLog(): void {
  currentDock()?.getPanel("action-log")?.api.close();
  for (const [session] of sessionDocks()) completeSession(session);
}

/** Lets the window's action log stay with a session. */
export function pinActionLog(session: string): void {
  const part: Part = { session, kind: "exchanges" };
  const following = currentDock()?.getPanel("action-log");
  if (!following) return;
  replace(following, () => addPanel(partId(part), { component: "part", params: part }, at(following)));
  for (const [other] of sessionDocks()) completeSession(other);
}

/** Lets an action log that was pinned to a session follow the focus again. */
export function unpinActionLog(session: string): void {
  const pinned = findPulledOut({ session, kind: "exchanges" });
  if (!pinned) return;
  focusedSession.setState({ run: session });
  if (windowHasActionLog()) {
    pinned.api.close();
    showPanel("action-log");
  } else replace(pinned, () => addPanel("action-log", { component: "action-log" }, at(pinned)));
  for (const [other] of sessionDocks()) completeSession(other);
}

/** The new panel is created before the old one is removed, so that the group stays. */
function replace(old: IDockviewPanel, add: () => void): void {
  add();
  old.api.close();
}

function at({ group }: IDockviewPanel): PanelPosition {
  return { position: { referenceGroup: group, direction: "within" } };
}
