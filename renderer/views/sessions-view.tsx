import { Clock } from "lucide-react";
import { sessions } from "../state/app-state.ts";
import { useStore } from "../state/store.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { SessionItem } from "./session-item.tsx";
import "./sessions-view.css";

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
        <SessionItem key={session.id} session={session} />
      ))}
    </ul>
  );
}
