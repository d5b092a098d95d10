import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import type { StateName } from "../../ui/state-mark.tsx";

/** The state of a session, as a mark and as a word. */
interface SessionState {
  readonly state: StateName;
  readonly label: string;
}

const states: Record<SessionSummary["status"], SessionState> = {
  running: { state: "busy", label: "Running" },
  succeeded: { state: "good", label: "Succeeded" },
  failed: { state: "bad", label: "Failed" },
  cancelled: { state: "cancelled", label: "Cancelled" },
  killed: { state: "warn", label: "Its process was killed" },
  newer: { state: "warn", label: "Needs a newer Tinsmith" },
  unreadable: { state: "bad", label: "Can't be read" },
};

const waiting: SessionState = { state: "warn", label: "Waiting for you" };
const holding: SessionState = { state: "warn", label: "A message is held" };
const holdingSome: SessionState = { state: "warn", label: "Messages are held" };
const keepingGuest: SessionState = { state: "bad", label: "Failed, its guest is kept" };
const cancelling: SessionState = { ...states.running, label: "Cancelling…" };
const stopping: SessionState = { ...states.running, label: "Stopping…" };
const stopped: SessionState = { ...states.cancelled, label: "Stopped" };

const taskWasKilled: SessionState = { ...states.cancelled, label: "Killed on your request" };

/** The state of a session: always the same object for the same state. */
export function sessionState(session: SessionSummary): SessionState {
  const { kind, status, asks, held = 0, keepsGuest, stopAsked, taskKilled } = session;
  if (stopAsked !== undefined) return kind === "build" ? cancelling : stopping;
  if (keepsGuest) return keepingGuest;
  if (asks) return waiting;
  if (held > 0) return held === 1 ? holding : holdingSome;
  if (taskKilled) return taskWasKilled;
  // Builds are cancelled, runs are stopped.
  return status === "cancelled" && kind !== "build" ? stopped : states[status];
}
