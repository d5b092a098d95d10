import { RotateCcw, Search, SquareTerminal, X, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { takeClosedShell } from "../../state/guest/closed-shells.ts";
import { isNewShell, openShell } from "../../state/guest/guest-actions.ts";
import { guestDrop } from "../../state/guest/guest-drop.ts";
import { keepShell } from "../../state/guest/left-shells.ts";
import { usePause } from "../../state/guest/use-pause.ts";
import type { Part } from "../../state/layout/parts.ts";
import { sayError } from "../../state/messages/notices.ts";
import { stopsAsked } from "../../state/sessions/stop-session.ts";
import { useIsRunning } from "../../state/sessions/use-is-running.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { SearchBar } from "../../ui/terminal/search-bar.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";
import { UploadList } from "../transfers/upload-list.tsx";
import { type GuestTerminal, openGuestTerminal, ownShell, type ShellState } from "./guest-terminal.ts";
import "./shell.css";

interface ShellViewProps {
  readonly part: Part;
  readonly onClose: () => void;
}

/** A shell in the guest. One that an earlier page has left continues, if it is still kept. */
export function ShellView({ part, onClose }: ShellViewProps) {
  const { session, instance = "" } = part;
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<GuestTerminal>();
  const [state, setState] = useState<ShellState>({ status: "opening" });
  const [isSearching, setSearching] = useState(false);
  const isRunning = useIsRunning(session);
  const isStopping = useStore(stopsAsked, (stops) => session in stops);
  const canOpen = isRunning && !isStopping;
  const pause = usePause(session);
  useEffect(() => {
    if (!box.current) return;
    const opened = openGuestTerminal(box.current, session, {
      name: instance,
      isNew: isNewShell(session, instance),
      onState: setState,
    });
    setTerminal(opened);
    return () => {
      if (takeClosedShell(instance)) return opened.leave();
      if (opened.isOpen()) keepShell(part);
      opened.dispose();
    };
  }, [session, instance]);
  const act = (action: (terminal: GuestTerminal) => void | Promise<void>) => () => {
    if (terminal) void (async () => action(terminal))().catch(sayError);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!(event.ctrlKey && event.shiftKey)) return;
    if (event.key === "F") setSearching(true);
    else if (event.key === "C") act((one) => one.copy())();
    else if (event.key === "V") act((one) => one.paste())();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (state.status === "gone")
    return (
      <EmptyState icon={SquareTerminal} title="This shell is not open">
        <p>
          It has ended, or the guest never started it. A shell is kept for a minute when no window shows it.
        </p>
        {canOpen && (
          <Button look="primary" onClick={() => openAnother(session, onClose)}>
            Open another shell
          </Button>
        )}
      </EmptyState>
    );
  return (
    <section
      className="shell"
      aria-label="Shell"
      onKeyDownCapture={onKeyDown}
      {...guestDrop(session, canOpen)}
    >
      <header className="shell-bar">
        <span className="shell-state" role="status">
          {describeState(state, canOpen, pause !== undefined)}
        </span>
        <IconButton
          icon={Search}
          label="Search the shell"
          keys="Ctrl+Shift+F"
          pressed={isSearching}
          onClick={() => setSearching(!isSearching)}
        />
        <IconButton icon={ZoomOut} label="Smaller text" onClick={act((one) => one.zoom(-1))} />
        <IconButton icon={ZoomIn} label="Larger text" onClick={act((one) => one.zoom(1))} />
        {state.status === "open" && (
          <IconButton icon={X} label="End the shell" onClick={act((one) => one.end())} />
        )}
        {canOpen && (state.status === "ended" || state.status === "failed") && (
          <Button icon={RotateCcw} onClick={() => openAnother(session, onClose)}>
            Open another shell
          </Button>
        )}
      </header>
      {isSearching && terminal && (
        <SearchBar label="Search in the shell" searched={terminal} onClose={() => setSearching(false)} />
      )}
      {state.status === "opening" && (
        <ActionWaitNote session={session} request={{ type: "exec-shell", ...ownShell }} onCancel={onClose} />
      )}
      {canOpen && state.status === "failed" && (
        <div className="shell-error" role="alert">
          <ErrorText error={state.error} />
        </div>
      )}
      <div className="shell-terminal" ref={box} />
      <UploadList session={session} />
    </section>
  );
}

/** @param canOpen whether the run continues, so that a lost shell was not lost because of the run's end */
function describeState(
  state: Exclude<ShellState, { status: "gone" }>,
  canOpen: boolean,
  isPaused: boolean,
): string {
  if (state.status === "ended")
    return state.how === "killed" ? "Ended by a user" : `Ended: its command ${state.how}`;
  if (state.status === "failed") return canOpen ? "Lost" : "The run has ended";
  const phase = state.status === "opening" ? "Opening" : "Open";
  return isPaused ? `${phase}; the virtual machine is paused` : phase;
}

function openAnother(session: string, closeThis: () => void): void {
  openShell(session);
  closeThis();
}
