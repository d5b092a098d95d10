import { Bell, Cpu, HardDrive, Library, Monitor } from "lucide-react";
import { useStore } from "zustand";
import { formatBytes } from "../../../shared/text/format.ts";
import { runCommand } from "../../state/commands/commands.ts";
import { host, sessions } from "../../state/connection/app-state.ts";
import { toasts } from "../../state/messages/notices.ts";
import { OutcomeStrip } from "../watch/outcome-strip.tsx";

/**
 * Free bytes below which a build is likely to fail on a full disk: a disk of 1 GiB and the files that grow beside it.
 */
const littleSpace = 3 * 1024 ** 3;

/** The state of this host: accelerator, free space, running virtual machines. */
export function StatusBar() {
  const status = useStore(host, (state) => state.value);
  const running = useStore(
    sessions,
    (state) => state.value?.filter((one) => one.status === "running").length,
  );
  const unread = useStore(toasts, (state) => state.open.length);
  return (
    <footer className="status-bar">
      <button type="button" onClick={() => runCommand("view.library")}>
        <Library size={13} aria-hidden /> Library
      </button>
      {status && (
        <>
          <button type="button" title={status.accelerator.reason} onClick={() => runCommand("view.doctor")}>
            <Cpu size={13} aria-hidden /> {status.accelerator.name}
          </button>
          <span title={`free in ${status.folder}`} data-warn={status.freeBytes < littleSpace || undefined}>
            <HardDrive size={13} aria-hidden /> {formatBytes(status.freeBytes)} free
          </span>
        </>
      )}
      <button type="button" onClick={() => runCommand("view.sessions")}>
        <Monitor size={13} aria-hidden /> {running ?? 0} running
      </button>
      <OutcomeStrip />
      <button type="button" className="status-bar-end" onClick={() => runCommand("notices")}>
        <Bell size={13} aria-hidden /> {unread === 0 ? "Notices" : `Notices (${unread})`}
      </button>
    </footer>
  );
}
