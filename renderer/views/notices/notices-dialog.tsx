import { CircleCheck, CircleX, FolderOpen } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import { formatDate, formatTimeOfDay } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { closeToasts, sayError, type Toast, toasts } from "../../state/messages/notices.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import "./notices-dialog.css";

/**
 * The messages that this window has shown lately, with the times: also closed ones, and those that have disappeared
 * by themselves.
 */
export function NoticesDialog({ onClose }: { readonly onClose: () => void }) {
  const recent = useStore(toasts, (state) => state.recent);
  // They are all in the list.
  useEffect(closeToasts, []);
  return (
    <Dialog
      title="Notices"
      description="The latest notices of this window, newest first."
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {recent.length === 0 ? (
        <p>No notices yet.</p>
      ) : (
        <ul className="notices">
          {recent.toReversed().map((notice) => (
            <NoticeItem key={notice.number} notice={notice} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function NoticeItem({ notice: { kind, text, error, path, time, count } }: { readonly notice: Toast }) {
  const Icon = kind === "error" ? CircleX : CircleCheck;
  return (
    <li className={`notices-${kind}`}>
      <Icon size={16} role="img" aria-label={kind === "error" ? "Error" : "Done"} />
      {error ? <ErrorText error={error} /> : <p>{text}</p>}
      <div className="notices-facts">
        <time dateTime={new Date(time).toISOString()} title={formatDate(time)}>
          {formatTimeOfDay(time)}
        </time>
        {count > 1 && <span>{count} times</span>}
        {path !== undefined && (
          <IconButton
            icon={FolderOpen}
            label="Open its folder"
            onClick={() => void app().reveal({ path }).catch(sayError)}
          />
        )}
      </div>
    </li>
  );
}
