import { Pin } from "lucide-react";
import { sessionMark } from "../../state/sessions/session-mark.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { IconButton } from "../../ui/button.tsx";

interface ActionLogHeadProps {
  readonly session: string;
  readonly isPinned: boolean;
  readonly onToggle: () => void;
}

/** Says whose action log is shown, and whether it stays with that session or follows the focus. */
export function ActionLogHead({ session, isPinned, onToggle }: ActionLogHeadProps) {
  return (
    <header className="action-log-head">
      <span className="tab-mark" data-mark={sessionMark(session)} aria-hidden />
      <span className="action-log-session">{useSessionName(session)}</span>
      <span className="action-log-mode">{isPinned ? "Pinned" : "Follows the session in front"}</span>
      <IconButton
        icon={Pin}
        label={isPinned ? "Follow the session in front" : "Pin to this session"}
        pressed={isPinned}
        onClick={onToggle}
      />
    </header>
  );
}
