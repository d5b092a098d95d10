import { EllipsisVertical } from "lucide-react";
import { AppError } from "../../shared/errors.ts";
import { formatBytes, formatDuration } from "../../shared/format.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import { app } from "../api-client.ts";
import { openDialog } from "../state/dialogs.ts";
import { showSession } from "../state/session-panels.ts";
import { sayError } from "../state/toasts.ts";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../ui/menu.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StateMark, type StateName } from "../ui/state-mark.tsx";

const states: Record<SessionSummary["status"], { readonly state: StateName; readonly label: string }> = {
  running: { state: "busy", label: "Running" },
  succeeded: { state: "good", label: "Succeeded" },
  failed: { state: "bad", label: "Failed" },
  killed: { state: "warn", label: "Its process was killed" },
  newer: { state: "warn", label: "Needs a newer Tinsmith" },
};

const waiting = { state: "warn", label: "Waits for you" } as const;

/** One session, how it went, and what can be done with it. */
export function SessionItem({ session }: { readonly session: SessionSummary }) {
  const { id, title, status, asks, started, ended, error, folder } = session;
  const mark = asks ? waiting : states[status];
  const isRunning = status === "running";
  const how = (status !== "newer" && error?.message) || mark.label.toLowerCase();
  const show = () => {
    if (status === "newer" && error) sayError(new AppError(error));
    else showSession(session);
  };
  return (
    <li className="session">
      <button type="button" className="session-open" onClick={show}>
        <StateMark {...mark} />
        <span className="session-title">{title}</span>
        <span className="session-how" title={error?.message}>
          <RelativeTime at={started} />
          {ended !== undefined && `, ${formatDuration(Math.max(0, ended - started))}`}
          {status !== "succeeded" && `: ${how}`}
        </span>
      </button>
      <Menu button={<IconButton icon={EllipsisVertical} label={`More for ${title}`} />}>
        <MenuItem onSelect={show}>Show</MenuItem>
        <MenuItem onSelect={() => void app().reveal({ path: folder }).catch(sayError)}>
          Open its folder
        </MenuItem>
        <MenuItem disabled={status === "newer"} onSelect={() => openDialog({ name: "export", id })}>
          Export for a bug report…
        </MenuItem>
        <MenuLine />
        {isRunning ? (
          <MenuItem onSelect={() => void app().sessions.stop({ session: id }).catch(sayError)}>Stop</MenuItem>
        ) : (
          <MenuItem onSelect={() => openDialog({ name: "delete-session", session })}>
            Delete… ({formatBytes(session.bytes)})
          </MenuItem>
        )}
      </Menu>
    </li>
  );
}
