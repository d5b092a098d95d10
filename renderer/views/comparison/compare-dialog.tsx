import { useStore } from "zustand";
import { nameOf } from "../../../shared/session/session-name.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { sessionsToCompareWith } from "../../state/comparison/comparable-sessions.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { showComparison } from "../../state/layout/panels.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import "./comparison.css";
import { PaletteDialog, PaletteItem } from "../../ui/palette-dialog.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { sessionState } from "../sessions/session-state.ts";

interface CompareDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks with which other session one is compared. */
export function CompareDialog({ session, onClose }: CompareDialogProps) {
  const name = useSessionName(session) ?? session;
  useStore(sessions);
  return (
    <PaletteDialog
      label="Compare with"
      placeholder={`Compare “${name}” with…`}
      empty="No matching session."
      onClose={onClose}
    >
      {sessionsToCompareWith(session).map((other) => {
        const state = sessionState(other);
        return (
          <PaletteItem
            key={other.id}
            id={other.id}
            texts={[nameOf(other), other.title, state.label, other.id]}
            onSelect={() => {
              onClose();
              showComparison(session, other.id);
            }}
          >
            <span className="compare-choice">
              <StateMark {...state} />
              <span>{nameOf(other)}</span>
            </span>
            <span className="palette-reason">
              {state.label},{" "}
              {other.ended !== undefined && `${formatDuration(Math.max(0, other.ended - other.started))}, `}
              <RelativeTime at={other.started} />
            </span>
          </PaletteItem>
        );
      })}
    </PaletteDialog>
  );
}
