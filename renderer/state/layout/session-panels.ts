import type { SessionKind } from "../../../shared/session/session-kind.ts";
import { focusedSession } from "../focus/focused-session.ts";
import { findSession } from "../sessions/find-session.ts";
import { bringToFront } from "./bring-to-front.ts";
import { currentDock, sessionTabId, showPanel, showSessionTab } from "./panels.ts";
import { type Part, partsOf } from "./parts.ts";
import { findPulledOut, showInSession, windowHasActionLog } from "./session-docks.ts";

/** Shows a session's tab. */
export function showSession({ id, kind }: { readonly id: string; readonly kind: SessionKind }): void {
  showSessionTab({ session: id, sessionKind: kind });
}

/** Shows a part of a session, wherever it is; the session's tab is opened when that is not there. */
export function showPart(part: Part): void {
  const pulledOut = findPulledOut(part);
  if (pulledOut) {
    bringToFront(pulledOut);
    return;
  }
  showSessionTab({ session: part.session, sessionKind: kindOf(part) });
  if (part.kind === "exchanges" && windowHasActionLog()) {
    focusedSession.setState({ run: part.session });
    showPanel("action-log");
  } else showInSession(part);
}

/** Shows the log of a session. */
export function showLog(session: string, kind: SessionKind): void {
  const [log] = partsOf(kind);
  showPart({ session, kind: log });
}

function kindOf({ session, kind }: Part): SessionKind {
  const params = currentDock()?.getPanel(sessionTabId(session))?.params;
  return (
    findSession(session)?.kind ?? params?.sessionKind ?? (kind === "build" || kind === "watch" ? kind : "run")
  );
}
