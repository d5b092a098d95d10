import { ArrowDownToLine, Download, Search, WrapText } from "lucide-react";
import { memo, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { sessionFile } from "../../client/api-client.ts";
import { remember, windowState } from "../../state/connection/window-state.ts";
import { findInLog, type LogMatch } from "../../state/log/log-search.ts";
import { type LogRow, textOfRows } from "../../state/log/log-text.ts";
import { openTaskLog, type TaskLog } from "../../state/log/task-log.ts";
import { sayError } from "../../state/messages/notices.ts";
import { useStore } from "../../state/store/use-store.ts";
import { IconButton } from "../../ui/button.tsx";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { saveAddress } from "../../ui/save-text.ts";
import { type Searchable, SearchBar } from "../../ui/terminal/search-bar.tsx";
import { useLogSelection } from "../../ui/use-log-selection.ts";
import { LogRowText } from "./log-row-text.tsx";
import "./log-view.css";

/** Pixels of a line that is not wrapped. */
const rowHeight = 18;
/** Above the first line, and below the last one. */
const padding = 4;

interface LogViewProps {
  readonly session: string;
  readonly isRunning: boolean;
}

async function saveLog(session: string): Promise<void> {
  saveAddress(`${session}.log`, await sessionFile(session, "task.log"));
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
  useSyncExternalStore(log.onChange, log.version);
  const { rows } = log.text;
  const dropped = log.text.dropped();
  const wraps = useStore(windowState, (state) => state.wrapsLog) ?? true;
  const [wantsEnd, onFollow] = useState(true);
  const [isSearching, setSearching] = useState(false);
  const [found, setFound] = useState<{ readonly text: string; readonly match: LogMatch | undefined }>();
  // The last row is empty when all lines have ended.
  const count = rows.at(-1)?.text === "" ? rows.length - 1 : rows.length;
  const box = useRef<HTMLDivElement>(null);
  const { isHeld, release, handlers } = useLogSelection(box, () => textOfRows(rows));
  const follows = wantsEnd && !isHeld;
  const list = useRowWindow({
    box,
    count,
    dropped,
    follows,
    onFollow,
    rowHeight,
    padding,
    // A line that is wrapped has the height of several.
    isMeasured: true,
    // Pieces of long lines are many lines high: few of them fill the window.
    overscan: wraps ? 2 : 10,
  });
  const wrap = (wanted: boolean) => {
    remember({ wrapsLog: wanted });
    list.remeasure();
  };
  const shown = useRef(found);
  shown.current = found;
  const { show } = list;
  const searched = useMemo<Searchable>(
    () => ({
      find: (text, direction) => {
        const matches = findInLog(log.text, text);
        const next = nextMatch(matches, shown.current?.match, direction);
        const match = matches[next];
        setFound({ text, match });
        onFollow(false);
        if (match) show(match.row, "center");
        return { count: matches.length, current: match ? next + 1 : 0 };
      },
      endSearch: () => setFound(undefined),
    }),
    [log, show],
  );
  return (
    <section className="task-log" aria-label="Log">
      <header className="task-log-bar">
        <h2>Log</h2>
        {dropped > 0 && <span>its first {dropped.toLocaleString("en")} lines are in the file</span>}
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
          onClick={() => {
            release();
            onFollow(!follows);
          }}
        />
        <IconButton
          icon={Download}
          label="Save the log"
          onClick={() => void saveLog(session).catch(sayError)}
        />
      </header>
      {isSearching && (
        <SearchBar label="Search the log" searched={searched} onClose={() => setSearching(false)} />
      )}
      <div
        className="task-log-text"
        ref={list.box}
        onScroll={list.onScroll}
        {...handlers}
        data-wrap={wraps || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the log.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="The task's log"
      >
        {count === 0 && (
          <p className="task-log-empty">
            {isRunning ? "The task has not logged anything yet." : "The task has not logged anything."}
          </p>
        )}
        <div style={{ height: list.height }}>
          {list.numbers.map((number) => {
            const row = rows[number - dropped];
            const isCurrent = found?.match?.row === number;
            return (
              row && (
                <LogLine
                  key={number}
                  row={row}
                  number={number}
                  top={list.startOf(number)}
                  sought={found?.text ?? ""}
                  current={isCurrent ? found?.match?.column : undefined}
                />
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface LogLineProps {
  readonly row: LogRow;
  /** From the first line of the log, which may be dropped. */
  readonly number: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly sought: string;
  readonly current: number | undefined;
}

const LogLine = memo(function LogLine({ number, top, ...text }: LogLineProps) {
  return (
    <div data-row={number} className="task-log-line" style={{ translate: `0 ${top}px` }}>
      <LogRowText {...text} />
    </div>
  );
});

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
