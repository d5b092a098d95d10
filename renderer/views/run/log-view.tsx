import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, Download, Search, WrapText } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { sessionFile } from "../../api-client.ts";
import { findInLog, type LogMatch } from "../../state/log-search.ts";
import { openTaskLog, type TaskLog } from "../../state/task-log.ts";
import { IconButton } from "../../ui/button.tsx";
import { type Searchable, SearchBar } from "../../ui/search-bar.tsx";
import { LogRowText } from "./log-row-text.tsx";
import "./log-view.css";

/** Pixels of a line that is not wrapped. */
const lineHeight = 18;
/** Above the first line, and below the last one. */
const padding = 4;
const wrapKey = "tinsmith.wrap-log";

interface LogViewProps {
  readonly session: string;
  readonly isRunning: boolean;
}

/** A task's log, as the guest tools send it: in its colours, wrapped or not, searched, saved; it follows the end. */
export function LogView({ session, isRunning }: LogViewProps) {
  const [log, setLog] = useState<TaskLog>();
  useEffect(() => {
    const opened = openTaskLog(session);
    setLog(opened);
    return () => opened.close();
  }, [session]);
  return log ? <LogRows session={session} log={log} isRunning={isRunning} /> : null;
}

function LogRows({ session, log, isRunning }: LogViewProps & { readonly log: TaskLog }) {
  const box = useRef<HTMLDivElement>(null);
  useSyncExternalStore(log.onChange, log.version);
  const { rows } = log.text;
  const [wraps, setWraps] = useState(localStorage.getItem(wrapKey) !== "no");
  const [follows, setFollows] = useState(true);
  const [isSearching, setSearching] = useState(false);
  const [found, setFound] = useState<{ readonly text: string; readonly match: LogMatch | undefined }>();
  // The last row is empty when all lines have ended.
  const count = rows.at(-1)?.text === "" ? rows.length - 1 : rows.length;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    paddingStart: padding,
    paddingEnd: padding,
    // Pieces of long lines are many lines high: few of them fill the window.
    overscan: wraps ? 2 : 10,
  });
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current ?? document.body;
    setFollows(scrollHeight - scrollTop - clientHeight < lineHeight * 2);
  };
  const wrap = (wanted: boolean) => {
    localStorage.setItem(wrapKey, wanted ? "yes" : "no");
    setWraps(wanted);
    virtual.measure();
  };
  const shown = useRef(found);
  shown.current = found;
  const searched = useMemo<Searchable>(
    () => ({
      find: (text, direction) => {
        const matches = findInLog(log.text.rows, text);
        const next = nextMatch(matches, shown.current?.match, direction);
        const match = matches[next];
        setFound({ text, match });
        setFollows(false);
        if (match) virtual.scrollToIndex(match.row, { align: "center" });
        return { count: matches.length, current: match ? next + 1 : 0 };
      },
      endSearch: () => setFound(undefined),
    }),
    [log, virtual],
  );
  return (
    <section className="task-log" aria-label="Log">
      <header className="task-log-bar">
        <h2>Log</h2>
        {log.text.dropped() > 0 && (
          <span>its first {log.text.dropped().toLocaleString("en")} lines are in the file</span>
        )}
        <IconButton
          icon={Search}
          label="Search the log"
          pressed={isSearching}
          onClick={() => setSearching(!isSearching)}
        />
        <IconButton icon={WrapText} label="Wrap long lines" pressed={wraps} onClick={() => wrap(!wraps)} />
        <IconButton
          icon={ArrowDownToLine}
          label="Follow the log"
          pressed={follows}
          onClick={() => setFollows(!follows)}
        />
        <a
          className="icon-button"
          href={sessionFile(session, "task.log")}
          download={`${session}.log`}
          aria-label="Save the log"
          title="Save the log"
        >
          <Download size={16} aria-hidden />
        </a>
      </header>
      {isSearching && (
        <SearchBar label="Search the log" searched={searched} onClose={() => setSearching(false)} />
      )}
      <div
        className="task-log-text"
        ref={box}
        onScroll={onScroll}
        data-wrap={wraps || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the log.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="The task's log"
      >
        {count === 0 && (
          <p className="log-empty">
            {isRunning ? "The task has logged nothing so far." : "The task has logged nothing."}
          </p>
        )}
        <div style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            const isCurrent = found?.match?.row === index;
            return (
              row && (
                <div
                  key={index}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="task-log-line"
                  style={{ translate: `0 ${start}px` }}
                >
                  <LogRowText
                    row={row}
                    sought={found?.text ?? ""}
                    current={isCurrent ? found?.match?.column : undefined}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}

/** The place after, or before, the one that is shown; the first one when none is. */
function nextMatch(
  matches: readonly LogMatch[],
  from: LogMatch | undefined,
  direction: "next" | "previous",
): number {
  if (!from) return 0;
  const isAfter = ({ row, column }: LogMatch) => row > from.row || (row === from.row && column > from.column);
  const isBefore = ({ row, column }: LogMatch) =>
    row < from.row || (row === from.row && column < from.column);
  const next = direction === "next" ? matches.findIndex(isAfter) : matches.findLastIndex(isBefore);
  if (next >= 0) return next;
  return direction === "next" ? 0 : matches.length - 1;
}
