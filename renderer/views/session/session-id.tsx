import { Copy } from "lucide-react";
import { copyText } from "../../state/messages/copy-text.ts";
import { Tooltip } from "../../ui/tooltip.tsx";
import "./session-id.css";

/** The id of a session, as the CLI takes it; a click copies it. */
export function SessionId({ session }: { readonly session: string }) {
  return (
    <Tooltip text="Copy the session's id, for the CLI">
      <button
        type="button"
        className="session-id"
        aria-label={`Copy session id ${session}`}
        onClick={() => void copyText(session, "The session's id")}
      >
        <code>{session}</code>
        <Copy size={12} aria-hidden />
      </button>
    </Tooltip>
  );
}
