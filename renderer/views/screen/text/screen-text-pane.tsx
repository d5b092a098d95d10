import { Copy, Search, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { selectText } from "../../../state/install/selected-text.ts";
import { copyText } from "../../../state/messages/copy-text.ts";
import { IconButton } from "../../../ui/button.tsx";
import { findInRow, type LogMatch, nextMatch } from "../../../ui/log/log-search.ts";
import { LogText } from "../../../ui/log/log-text.tsx";
import { type Searchable, SearchBar } from "../../../ui/terminal/search-bar.tsx";
import { useScreenText } from "./use-screen-text.ts";
import "./screen-text-pane.css";

interface ScreenTextPaneProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** The text on a guest's screen, as it is now: it can be selected, searched, copied, and read by a screen reader. */
export function ScreenTextPane({ session, onClose }: ScreenTextPaneProps) {
  const screen = useScreenText(session);
  const [isSearching, setSearching] = useState(false);
  const [found, setFound] = useState<{ readonly sought: string; readonly match?: LogMatch }>();
  const pre = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const take = () => {
      const selection = document.getSelection();
      if (selection && pre.current?.contains(selection.anchorNode)) selectText(session, selection.toString());
    };
    document.addEventListener("selectionchange", take);
    return () => document.removeEventListener("selectionchange", take);
  }, [session]);
  const lines = screen?.kind === "text" ? screen.lines : [];
  const rows = useMemo(() => lines.slice(0, lines.findLastIndex((line) => line !== "") + 1), [lines]);
  const searched: Searchable = {
    find: (sought, direction) => {
      const matches = rows.flatMap((line, row) => findInRow(row, line, sought));
      const next = nextMatch(matches, found?.match ?? { row: 0, column: 0 }, direction);
      const match = matches[next];
      setFound({ sought, ...(match && { match }) });
      return { count: matches.length, current: match ? next + 1 : 0 };
    },
    endSearch: () => setFound(undefined),
    focus: () => pre.current?.focus(),
  };
  return (
    <section className="screen-text" aria-label="The text on the guest's screen">
      <header>
        <h3>Text</h3>
        <IconButton
          icon={Search}
          label="Search the text"
          pressed={isSearching}
          onClick={() => {
            setFound(undefined);
            setSearching(!isSearching);
          }}
        />
        <IconButton
          icon={Copy}
          label="Copy the text"
          disabledReason={rows.length === 0 ? "there is no text" : undefined}
          onClick={() => void copyText(`${rows.join("\n")}\n`, "The text")}
        />
        <IconButton icon={X} label="Hide the text" onClick={onClose} />
      </header>
      {isSearching && (
        <SearchBar label="Search the text" searched={searched} onClose={() => setSearching(false)} />
      )}
      {screen?.kind === "graphics" && <p role="status">The screen shows graphics without text.</p>}
      {screen?.kind === "text" && rows.length === 0 && <p role="status">The screen is empty.</p>}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        <pre ref={pre} tabIndex={0}>
          {rows.map((line, row) => (
            <div key={row}>
              <LogText
                text={line}
                sought={found?.sought ?? ""}
                current={found?.match?.row === row ? found.match.column : undefined}
              />
              {"\n"}
            </div>
          ))}
        </pre>
      )}
    </section>
  );
}
