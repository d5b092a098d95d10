import { Activity } from "lucide-react";
import { useStore } from "zustand";
import { focusedSession } from "../../state/focus/focused-session.ts";
import { pinActionLog } from "../../state/layout/pull-out.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ExchangesView } from "../action-log/action-log-view.tsx";
import { ActionLogHead } from "./action-log-head.tsx";
import { SessionPanel } from "./session-panel.tsx";
import "./session-dock.css";

/** The action log of the run that has the focus. */
export function WindowActionLog() {
  const session = useStore(focusedSession, (state) => state.run);
  if (session === undefined)
    return (
      <EmptyState icon={Activity} title="No run is open">
        <p>Use a run's tab to see its action log here.</p>
      </EmptyState>
    );
  return (
    <div className="window-action-log">
      <ActionLogHead session={session} isPinned={false} onToggle={() => pinActionLog(session)} />
      <SessionPanel session={session}>
        <ExchangesView key={session} session={session} />
      </SessionPanel>
    </div>
  );
}
