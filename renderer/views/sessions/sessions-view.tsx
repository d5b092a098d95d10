import { Clock } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { formatCount } from "../../../shared/text/format.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { afterClick, findSessions, runningFirst } from "../../state/sessions/session-list.ts";
import { Button } from "../../ui/button.tsx";
import { moveInList } from "../../ui/list-keys.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { CompareButton } from "../comparison/compare-button.tsx";
import { RetentionNote } from "./retention-note.tsx";
import { SessionItem } from "./session-item.tsx";
import "./sessions.css";

const none: ReadonlySet<string> = new Set();

/** Builds and runs: those that run first, then the newest. Each can be opened again after it ended. */
export function SessionsView() {
  const value = useStore(sessions, (state) => state.value);
  const [sought, setSought] = useState("");
  const [chosen, setChosen] = useState(none);
  const [last, setLast] = useState<string>();
  if (value?.length === 0)
    return (
      <EmptyState icon={Clock} title="No sessions yet">
        <p>Each build and run is kept here with its logs, so that you can look at it again.</p>
      </EmptyState>
    );
  const shown = findSessions(runningFirst(value ?? []), sought);
  const deletable = shown.filter(({ status }) => status !== "running");
  const selected = deletable.filter(({ id }) => chosen.has(id));
  const select = (id: string, isRange: boolean) => {
    const ids = deletable.map((one) => one.id);
    setChosen(afterClick(ids, chosen, isRange ? { id, from: last } : { id }));
    setLast(id);
  };
  return (
    <section
      className="sessions"
      aria-label="Sessions"
      onKeyDownCapture={(event) => moveInList(event, ".session-open")}
    >
      <input
        className="text-input"
        type="search"
        aria-label="Search sessions"
        placeholder="Search"
        value={sought}
        onChange={({ target }) => setSought(target.value)}
      />
      {selected.length > 0 && (
        <div className="sessions-selection">
          <Button
            look="quiet"
            onClick={() =>
              setChosen(selected.length === deletable.length ? none : new Set(deletable.map(({ id }) => id)))
            }
          >
            {selected.length === deletable.length ? "Select none" : "Select all"}
          </Button>
          <CompareButton selected={selected} />
          <Button onClick={() => openDialog({ name: "delete-sessions", sessions: selected })}>
            Delete {formatCount(selected.length, "session")}…
          </Button>
        </div>
      )}
      {shown.length === 0 && value && <p className="sessions-none">No session matches “{sought}”.</p>}
      <ul className="sessions-list" data-selects={selected.length > 0 || undefined}>
        {shown.map((session) => (
          <SessionItem
            key={session.id}
            session={session}
            isSelected={selected.includes(session)}
            onSelect={(isRange) => select(session.id, isRange)}
          />
        ))}
      </ul>
      <RetentionNote />
    </section>
  );
}
