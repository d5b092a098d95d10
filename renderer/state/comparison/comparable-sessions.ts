import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { findSession } from "../sessions/find-session.ts";

/** The sessions with exchanges whose records this Tinsmith can read, the newest first. */
export function readableSessions(): readonly SessionSummary[] {
  return (sessions.getState().value ?? []).filter(
    ({ status, kind }) => status !== "newer" && status !== "unreadable" && kind !== "watch",
  );
}

/** The sessions that one can be compared with: those of its kind first. */
export function sessionsToCompareWith(id: string): readonly SessionSummary[] {
  const readable = readableSessions();
  const kind = readable.find((one) => one.id === id)?.kind;
  const others = readable.filter((one) => one.id !== id);
  return [...others.filter((one) => one.kind === kind), ...others.filter((one) => one.kind !== kind)];
}

/** The reason why a session can't be compared; undefined when it can. */
export function comparisonObstacle(id: string): string | undefined {
  if (findSession(id)?.kind === "watch") return "A watch has no exchanges";
  return sessionsToCompareWith(id).length > 0 ? undefined : "There is no other session";
}
