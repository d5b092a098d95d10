import { Clock } from "lucide-react";
import type { SessionSummary } from "../../shared/session-summary.ts";
import { sessions } from "../state/app-state.ts";
import { showSession } from "../state/session-panels.ts";
import { useStore } from "../state/store.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StateMark, type StateName } from "../ui/state-mark.tsx";
import "./sessions-view.css";

const states: Record<SessionSummary["status"], { readonly state: StateName; readonly label: string }> = {
  running: { state: "busy", label: "Running" },
  succeeded: { state: "good", label: "Succeeded" },
  failed: { state: "bad", label: "Failed" },
  killed: { state: "warn", label: "Its process was killed" },
};

/** Builds and runs, the newest first: each can be opened again after it ended. */
export function SessionsView() {
  const value = useStore(sessions, (state) => state.value);
  if (value?.length === 0)
    return (
      <EmptyState icon={Clock} title="No session yet">
        <p>Each build and run is kept here with its logs, so that you can look at it again.</p>
      </EmptyState>
    );
  return (
    <ul className="sessions">
      {value?.map((session) => (
        <li key={session.id}>
          <button type="button" className="session" onClick={() => showSession(session)}>
            <StateMark {...states[session.status]} />
            <span className="session-title">{session.title}</span>
            <RelativeTime at={session.started} />
          </button>
        </li>
      ))}
    </ul>
  );
}
