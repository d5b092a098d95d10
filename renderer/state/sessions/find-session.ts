import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";

/** The summary of a session, once the list of them has it. */
export function findSession(id: string): SessionSummary | undefined {
  return sessions.getState().value?.find((session) => session.id === id);
}
