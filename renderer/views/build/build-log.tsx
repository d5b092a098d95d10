import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { printable } from "../../../shared/format.ts";
import type { LogLine } from "../../state/session-view.ts";

/** Pixels of one line. */
const lineHeight = 18;

interface BuildLogProps {
  readonly lines: readonly LogLine[];
  readonly isRunning: boolean;
}

/** What the guest logs, and notes; it follows the end until one scrolls up. */
export function BuildLog({ lines, isRunning }: BuildLogProps) {
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 10,
  });
  useEffect(() => {
    if (follows && lines.length > 0) rows.scrollToIndex(lines.length - 1);
  }, [follows, lines.length, rows]);
  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current ?? document.body;
    setFollows(scrollHeight - scrollTop - clientHeight < lineHeight * 2);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the log.
    <section className="log" ref={box} onScroll={onScroll} tabIndex={0} aria-label="Log">
      {lines.length === 0 && (
        <p className="log-empty">{isRunning ? "Nothing was logged so far." : "Nothing was logged."}</p>
      )}
      <div style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index];
          return (
            line && (
              <div key={key} className={`log-line log-${line.from}`} style={{ translate: `0 ${start}px` }}>
                <time>{timeOfDay(line.time)}</time>
                <span>{line.from}</span>
                <code>{printable(line.text)}</code>
              </div>
            )
          );
        })}
      </div>
    </section>
  );
}

function timeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString("en-GB");
}
