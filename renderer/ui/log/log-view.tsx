import { ArrowDownToLine, Download, Search, WrapText } from "lucide-react";
import { Fragment, type ReactNode, useState } from "react";
import { formatCount } from "../../../shared/text/format.ts";
import { sayError } from "../../state/messages/notices.ts";
import { IconButton } from "../button.tsx";
import { SearchBar } from "../terminal/search-bar.tsx";
import type { LogRowPlace } from "./log-row.ts";
import type { Log } from "./use-log.ts";
import "./log.css";

interface LogViewProps {
  readonly log: Log;
  /** The name of its lines. */
  readonly label: string;
  /** How many lines were dropped: they are only in the session's files. */
  readonly dropped: number;
  /** The text in place of lines, if there are none. */
  readonly empty: string;
  readonly onSave: () => void | Promise<void>;
  /** Called when other rows may have become visible. */
  readonly onScroll?: () => void;
  /** Draws a row. */
  readonly children: (place: LogRowPlace) => ReactNode;
}

/** A log that can be long: it follows its end, stays in place while a person reads, and is searched, copied and saved. */
export function LogView({ log, label, dropped, empty, onSave, onScroll, children: drawRow }: LogViewProps) {
  const [isSearching, setSearching] = useState(false);
  const { list, found, follows, wraps } = log;
  return (
    <section className="log-view" aria-label="Log">
      <header className="log-bar">
        <h2>Log</h2>
        {dropped > 0 && (
          <span>The first {formatCount(dropped, "line is", "lines are")} only in the session's files.</span>
        )}
        <IconButton
          icon={Search}
          label="Search the log"
          pressed={isSearching}
          onClick={() => {
            log.endSearch();
            setSearching(!isSearching);
          }}
        />
        <IconButton
          icon={WrapText}
          label="Wrap long lines"
          pressed={wraps}
          onClick={() => log.wrap(!wraps)}
        />
        <IconButton
          icon={ArrowDownToLine}
          label="Follow the log"
          pressed={follows}
          onClick={() => {
            log.release();
            log.follow(!follows);
          }}
        />
        <IconButton
          icon={Download}
          label="Save the log"
          onClick={() => void (async () => onSave())().catch(sayError)}
        />
      </header>
      {isSearching && <SearchBar label="Search the log" searched={log} onClose={() => setSearching(false)} />}
      <div
        className="log"
        ref={list.box}
        onScroll={() => {
          list.onScroll();
          onScroll?.();
        }}
        {...log.handlers}
        data-wrap={wraps || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the log.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={label}
      >
        {log.count === 0 && <p className="log-empty">{empty}</p>}
        <div style={{ height: list.height }}>
          {list.numbers.map((number) => {
            const key = log.keyOf(number);
            const current = found?.match?.row === key ? found?.match?.column : undefined;
            const place = { number, top: list.startOf(number), sought: found?.text ?? "", current };
            return <Fragment key={key}>{drawRow(place)}</Fragment>;
          })}
        </div>
      </div>
    </section>
  );
}
