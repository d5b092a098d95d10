import type { DockviewApi } from "dockview-react";
import { sessions } from "../connection/app-state.ts";
import { findSession } from "../sessions/find-session.ts";
import { countHeld, heldCounts } from "./held-counts.ts";
import { followHeld } from "./held-messages.ts";

/**
 * Follows the held messages of each running session that is open in the dock, whether its tab is in front or not. Of the others,
 * the list of sessions tells how many are held: a session that is not open must not count as one that a window shows.
 */
export function watchBreakpoints(dock: DockviewApi): void {
  const followed = new Map<string, () => void>();
  const look = () => {
    const open = new Set<string>(dock.panels.flatMap(({ params }) => params?.session ?? []));
    for (const [session, stop] of followed) {
      if (open.has(session) && canHold(session)) continue;
      followed.delete(session);
      stop();
    }
    for (const session of open)
      if (!followed.has(session) && canHold(session)) followed.set(session, followHeld(session));
    const listed = (sessions.getState().value ?? []).map(({ id }) => id);
    for (const session of new Set([...listed, ...Object.keys(heldCounts.getState())]))
      if (!followed.has(session)) countHeld(session, findSession(session)?.held ?? 0);
  };
  let isLooking = false;
  // A moved panel is away for a moment.
  const lookSoon = () => {
    if (isLooking) return;
    isLooking = true;
    setTimeout(() => {
      isLooking = false;
      look();
    });
  };
  dock.onDidAddPanel(lookSoon);
  dock.onDidRemovePanel(lookSoon);
  sessions.subscribe(lookSoon);
  lookSoon();
}

/** A session of another version can't be asked. */
function canHold(session: string): boolean {
  const { status, otherVersion } = findSession(session) ?? {};
  return status === "running" && otherVersion === undefined;
}
