import { RotateCcw, Search, SquareTerminal, X, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { openShell, takeShell } from "../../state/guest-actions.ts";
import { sayError } from "../../state/toasts.ts";
import { useIsRunning } from "../../state/use-is-running.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorText } from "../../ui/error-text.tsx";
import { SearchBar } from "../../ui/search-bar.tsx";
import { ActionWaitNote } from "../action-wait.tsx";
import { type GuestTerminal, openGuestTerminal, ownShell, type ShellState } from "./guest-terminal.ts";
import "./shell.css";

interface ShellViewProps {
  readonly session: string;
  readonly instance: string;
  readonly onClose: () => void;
}

/** A shell in the guest. One that an earlier window has left has ended with that. */
export function ShellView({ session, instance, onClose }: ShellViewProps) {
  const isRunning = useIsRunning(session);
  if (takeShell(instance)) return <OpenShell session={session} onClose={onClose} />;
  return (
    <EmptyState icon={SquareTerminal} title="This shell has ended">
      <p>A shell ends with the window that it was opened in.</p>
      <Button look="primary" disabled={!isRunning} onClick={() => openAnother(session, onClose)}>
        Open another
      </Button>
    </EmptyState>
  );
}

function OpenShell({ session, onClose }: Omit<ShellViewProps, "instance">) {
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<GuestTerminal>();
  const [state, setState] = useState<ShellState>({ status: "opening" });
  const [isSearching, setSearching] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    const opened = openGuestTerminal(box.current, session, setState);
    setTerminal(opened);
    return () => opened.dispose();
  }, [session]);
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
  return (
    <section className="shell" aria-label="Shell" onKeyDownCapture={onKeyDown}>
      <header className="shell-bar">
        <span className="shell-state" role="status">
          {describeState(state)}
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
        {(state.status === "ended" || state.status === "failed") && (
          <Button icon={RotateCcw} onClick={() => openAnother(session, onClose)}>
            Open another
          </Button>
        )}
      </header>
      {isSearching && terminal && (
        <SearchBar label="Search in the shell" searched={terminal} onClose={() => setSearching(false)} />
      )}
      {state.status === "opening" && (
        <ActionWaitNote session={session} request={{ type: "exec-shell", ...ownShell }} onCancel={onClose} />
      )}
      {state.status === "failed" && (
        <div className="shell-error" role="alert">
          <ErrorText error={state.error} />
        </div>
      )}
      <div className="shell-terminal" ref={box} />
    </section>
  );
}

function describeState(state: ShellState): string {
  if (state.status === "opening") return "Opening";
  if (state.status === "open") return "Open";
  if (state.status === "failed") return "Lost";
  return state.success ? "Ended: its command succeeded" : "Ended: its command failed";
}

function openAnother(session: string, closeThis: () => void): void {
  openShell(session);
  closeThis();
}
