import { EllipsisVertical } from "lucide-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { AppError } from "../../../shared/errors/errors.ts";
import { nameOf } from "../../../shared/session/session-name.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { formatBytes, formatDuration } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { comparisonObstacle } from "../../state/comparison/comparable-sessions.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { copyText } from "../../state/messages/copy-text.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { askForScenario, scenarioObstacle } from "../../state/runs/save-scenario.ts";
import { revealedSession } from "../../state/sessions/session-list.ts";
import { sessionMark } from "../../state/sessions/session-mark.ts";
import { useIsOpen, useSessionName } from "../../state/sessions/session-names.ts";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { sessionState } from "./session-state.ts";
import { ForceItem, StopItem } from "./stop-items.tsx";

interface SessionItemProps {
  readonly session: SessionSummary;
  readonly isSelected: boolean;
  /** Called when it is selected, or no longer; with all from the last one that was, for a range. */
  readonly onSelect: (isRange: boolean) => void;
}

/** One session, its outcome, and its commands. */
export function SessionItem({ session, isSelected, onSelect }: SessionItemProps) {
  const { id, title, status, started, ended, error, otherVersion, folder, series } = session;
  const name = useSessionName(id) ?? title;
  const isOpen = useIsOpen(id);
  const mark = sessionState(session);
  const isRunning = status === "running";
  const isKnown = status !== "newer" && status !== "unreadable";
  const saysWhy = !["newer", "cancelled", "succeeded"].includes(status);
  const problem = otherVersion ? "Runs another version" : saysWhy ? error?.message : undefined;
  const row = useRevealed(id);
  const show = () => {
    if (!isKnown && error) sayError(new AppError(error));
    else showSession(session);
  };
  const askToDelete = () => openDialog({ name: "delete-sessions", sessions: [session] });
  return (
    <li
      className="session"
      data-mark={isOpen ? sessionMark(id) : undefined}
      data-selected={isSelected || undefined}
    >
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={isSelected}
        disabled={isRunning}
        onChange={({ nativeEvent }) => onSelect(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
      />
      <button
        type="button"
        className="session-open"
        ref={row}
        onClick={(event) => {
          const selects = event.ctrlKey || event.shiftKey;
          if (!selects) show();
          else if (!isRunning) onSelect(event.shiftKey);
        }}
        onKeyDown={({ key }) => {
          if (key === "Delete" && !isRunning) askToDelete();
        }}
      >
        <StateMark {...mark} />
        <span className="session-title">{name}</span>
        <span className="session-how session-when">
          <strong aria-hidden>{mark.label}</strong> <RelativeTime at={ended ?? started} />
          {ended !== undefined && `, ${unbroken(formatDuration(Math.max(0, ended - started)))}`}
          {nameOf(session) !== nameOf({ title }) && `, ${title}`}
          {series && `, ${unbroken(`scenario ${series.earlier.length + 1} of ${series.names.length}`)}`}
        </span>
        {problem && (
          <span className="session-how" title={(otherVersion ?? error)?.message}>
            {problem}
          </span>
        )}
      </button>
      <Menu button={<IconButton icon={EllipsisVertical} label={`More for ${name}`} />}>
        <MenuItem onSelect={show}>Show session</MenuItem>
        <MenuItem onSelect={() => void app().reveal({ path: folder }).catch(sayError)}>
          Open its folder
        </MenuItem>
        <MenuItem onSelect={() => void copyText(id, "The session's id")}>Copy its id</MenuItem>
        <MenuItem
          disabledReason={isKnown ? comparisonObstacle(id) : mark.label}
          onSelect={() => openDialog({ name: "compare", session: id })}
        >
          Compare with…
        </MenuItem>
        <MenuItem
          disabledReason={isKnown ? scenarioObstacle(session) : mark.label}
          onSelect={() => askForScenario(session)}
        >
          Save as scenario…
        </MenuItem>
        <MenuItem
          disabledReason={isKnown ? undefined : mark.label}
          onSelect={() => openDialog({ name: "export", id })}
        >
          Export for a bug report…
        </MenuItem>
        <MenuLine />
        <StopItem {...session} />
        <MenuItem disabledReason={isRunning ? "It is running" : undefined} onSelect={askToDelete}>
          Delete… ({formatBytes(session.bytes)})
        </MenuItem>
        <ForceItem {...session} />
      </Menu>
    </li>
  );
}

/** A text whose words stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** Gives a row the focus when its session is to be shown in the list. */
function useRevealed(id: string) {
  const row = useRef<HTMLButtonElement>(null);
  const isRevealed = useStore(revealedSession, (state) => state.id === id);
  useEffect(() => {
    if (!isRevealed) return;
    row.current?.focus();
    revealedSession.setState({ id: undefined });
  }, [isRevealed]);
  return row;
}
