import { useEffect, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { formatTimeOfDay } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { type EventLine, followEventLines } from "../../state/sessions/event-lines.ts";
import { Notice } from "../../ui/messages/notice.tsx";
import { StopButton } from "../session/stop-button.tsx";
import "../../ui/session-tab.css";
import "./other-version.css";

interface OtherVersionViewProps {
  readonly session: SessionSummary;
  /** The reason why the view has no more. */
  readonly reason: ErrorData;
}

/** A session of another version: it can be watched and stopped, but nothing else. */
export function OtherVersionView({ session: { id, title, status }, reason }: OtherVersionViewProps) {
  const [lines, setLines] = useState<readonly EventLine[]>([]);
  const isRunning = status === "running";
  useEffect(() => (isRunning ? followEventLines(id, setLines) : undefined), [id, isRunning]);
  return (
    <article className="session-tab other-version" aria-label={title}>
      <header>
        <h1>{title}</h1>
        {isRunning && <StopButton session={id} label="Stop" busyLabel="Stopping…" />}
      </header>
      <Notice>
        {reason.message}. {reason.advice}
      </Notice>
      <ol aria-label="Events">
        {lines.map(({ number, time, type, text }) => (
          <li key={number}>
            <time>{formatTimeOfDay(time)}</time> <code>{stripControls(type)}</code> {stripControls(text)}
          </li>
        ))}
      </ol>
    </article>
  );
}
