import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";

/** The sessions whose records this Tinsmith can read, the newest first. */
export function readableSessions(): readonly SessionSummary[] {
  return (sessions.getState().value ?? []).filter(
    ({ status }) => status !== "newer" && status !== "unreadable",
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
  return sessionsToCompareWith(id).length > 0 ? undefined : "There is no other session";
}
