import {
  ArrowDown,
  Eraser,
  FileText,
  Maximize2,
  Search,
  TextCursorInput,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { formatBytes } from "../../../shared/text/format.ts";
import { sessionFile } from "../../client/api-client.ts";
import { usePanelCommands } from "../../state/commands/use-panel-commands.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { SearchBar } from "../../ui/terminal/search-bar.tsx";
import { serialCommands } from "./serial-commands.ts";
import { openSerialTerminal, type SerialTerminal } from "./serial-terminal.ts";
import "./serial.css";

/** Bytes that a guest takes in a moment: the number of bytes left is shown only for longer pastes. */
const longPaste = 4096;

interface SerialViewProps {
  readonly session: string;
  /** Whether it is the panel that is worked in. */
  readonly isActive: boolean;
}

/** A guest's serial console: its output from the beginning, and, while it runs, a keyboard for it. */
export function SerialView({ session, isActive }: SerialViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<SerialTerminal>();
  const [isSearching, setSearching] = useState(false);
  const [hasEnded, setEnded] = useState(false);
  const [waitingBytes, setWaitingBytes] = useState(0);
  // A session that has only just begun may not be in the list of them yet.
  const status = useStore(sessions, (state) => state.value?.find(({ id }) => id === session)?.status);
  const isRunning = !hasEnded && (status === undefined || status === "running");

  useEffect(() => {
    if (!box.current) return;
    const opened = openSerialTerminal(box.current, session, {
      onEnd: () => setEnded(true),
      onWaiting: setWaitingBytes,
    });
    setTerminal(opened);
    return () => opened.dispose();
  }, [session]);

  const act = (action: (terminal: SerialTerminal) => void | Promise<void>) => () => {
    if (terminal) void (async () => action(terminal))().catch(sayError);
  };
  usePanelCommands(
    isActive,
    useMemo(
      () => terminal && serialCommands(terminal, isRunning, () => setSearching(true)),
      [terminal, isRunning],
    ),
  );

  return (
    <section className="serial" aria-label="Serial console">
      <header className="serial-bar">
        <span className="serial-state">
          <span className="serial-light" data-live={isRunning || undefined} aria-hidden />
          {isRunning ? "Live" : "Ended: read only"}
        </span>
        {waitingBytes > longPaste && (
          <span className="serial-waiting" role="status">
            Typing: {formatBytes(waitingBytes)} left
            <Button look="quiet" onClick={act((one) => one.stopTyping())}>
              Stop typing
            </Button>
          </span>
        )}
        <IconButton
          icon={Search}
          label="Search"
          keys="Ctrl+Shift+F"
          pressed={isSearching}
          onClick={() => setSearching(!isSearching)}
        />
        <IconButton icon={ZoomOut} label="Smaller text" onClick={act((one) => one.zoom(-1))} />
        <IconButton icon={ZoomIn} label="Larger text" onClick={act((one) => one.zoom(1))} />
        <IconButton icon={Eraser} label="Clear the console" onClick={act((one) => one.clear())} />
        <IconButton
          icon={Maximize2}
          label="Tell the guest this size (types stty)"
          disabledReason={isRunning ? undefined : "the session has ended"}
          onClick={act((one) => one.tellSize())}
        />
        <IconButton
          icon={TextCursorInput}
          label="Send a break"
          disabledReason={isRunning ? undefined : "the session has ended"}
          onClick={act((one) => one.sendBreak())}
        />
        <IconButton
          icon={FileText}
          label="Open it as a file"
          onClick={() => void openFile(session).catch(sayError)}
        />
        <IconButton icon={ArrowDown} label="To the end" onClick={act((one) => one.scrollToEnd())} />
      </header>
      {isSearching && terminal && (
        <SearchBar label="Search the console" searched={terminal} onClose={() => setSearching(false)} />
      )}
      <div className="serial-terminal" ref={box} />
    </section>
  );
}

/** Shows the whole log beside the window. */
async function openFile(session: string): Promise<void> {
  window.open(await sessionFile(session, "serial.log"), "_blank", "noopener");
}
