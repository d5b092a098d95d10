import type { DockviewApi } from "dockview-react";
import { closeSessionClient } from "../../client/api-client.ts";
import { transfers } from "../guest/transfers.ts";
import { openParts } from "../layout/open-parts.ts";
import { imagesOf, sessionsOf } from "../layout/panels.ts";
import { forgetClosed } from "./session-memory.ts";

/** Drops the window's data of a session or an image when its last panel is closed, and closes the session's connection. */
export function forgetClosedSessions(dock: DockviewApi): void {
  let open = openSessions(dock);
  let isLooking = false;
  const look = () => {
    isLooking = false;
    const now = openSessions(dock);
    const closed = [...open].filter((session) => !now.has(session));
    open = now;
    if (closed.length === 0) return;
    forgetClosed((session) => now.has(session));
    closed.forEach(closeSessionClient);
  };
  // A moved panel is away for a moment; and its content has to end first.
  const lookSoon = () => {
    if (!isLooking) setTimeout(look);
    isLooking = true;
  };
  dock.onDidAddPanel(lookSoon);
  dock.onDidRemovePanel(lookSoon);
  openParts.subscribe(lookSoon);
  transfers.subscribe(lookSoon);
}

/** Sessions, and images by their paths: those that have a panel, and those of which a file is being copied. */
function openSessions(dock: DockviewApi): ReadonlySet<string> {
  const running = transfers.getState().all.filter(({ status }) => status === "running");
  return new Set([
    ...dock.panels.flatMap(({ params }) => [...sessionsOf(params), ...imagesOf(params)]),
    ...Object.values(openParts.getState()).map(({ session }) => session),
    ...running.map(({ owner }) => owner),
  ]);
}
