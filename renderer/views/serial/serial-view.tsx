import { ArrowDown, Eraser, Maximize2, Search, TextCursorInput, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { sessions } from "../../state/app-state.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { IconButton } from "../../ui/button.tsx";
import { SearchBar } from "../../ui/search-bar.tsx";
import { openSerialTerminal, type SerialTerminal } from "./serial-terminal.ts";
import "./serial.css";

/** A guest's serial console: what it printed from the beginning, and, while it runs, a keyboard for it. */
export function SerialView({ session }: { readonly session: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<SerialTerminal>();
  const [isSearching, setSearching] = useState(false);
  const isRunning = useStore(
    sessions,
    (state) => state.value?.find(({ id }) => id === session)?.status === "running",
  );

  useEffect(() => {
    if (!box.current) return;
    const opened = openSerialTerminal(box.current, session);
    setTerminal(opened);
    return () => opened.dispose();
  }, [session]);

  const act = (action: (terminal: SerialTerminal) => void | Promise<void>) => () => {
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
    <section className="serial" aria-label="Serial console" onKeyDownCapture={onKeyDown}>
      <header className="serial-bar">
        <span className="serial-state">{isRunning ? "Live" : "Ended: read only"}</span>
        <IconButton
          icon={Search}
          label="Search"
          keys="Ctrl+Shift+F"
          pressed={isSearching}
          onClick={() => setSearching(!isSearching)}
        />
        <IconButton icon={ZoomOut} label="Smaller text" onClick={act((one) => one.zoom(-1))} />
        <IconButton icon={ZoomIn} label="Larger text" onClick={act((one) => one.zoom(1))} />
        <IconButton icon={Eraser} label="Clear what is shown" onClick={act((one) => one.clear())} />
        <IconButton
          icon={Maximize2}
          label="Tell the guest this size (types stty)"
          disabled={!isRunning}
          onClick={act((one) => one.tellSize())}
        />
        <IconButton
          icon={TextCursorInput}
          label="Send a break"
          disabled={!isRunning}
          onClick={act((one) => one.sendBreak())}
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
