import { createStore } from "zustand/vanilla";
import { nameOf } from "../../../shared/session/session-name.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { showPanel } from "../layout/panels.ts";

/** The session that the list of them is to show, and have the focus on, once. */
export const revealedSession = createStore<{ readonly id: string | undefined }>(() => ({ id: undefined }));

/** Shows a session in the list of them. */
export function revealSession(id: string): void {
  showPanel("sessions");
  revealedSession.setState({ id });
}

/** Those that run, then those that have ended, each in the order in which they are. */
export function runningFirst(all: readonly SessionSummary[]): readonly SessionSummary[] {
  const isRunning = ({ status }: SessionSummary) => status === "running";
  return [...all.filter(isRunning), ...all.filter((one) => !isRunning(one))];
}

/** Those of which a name, an image, a state or an error holds all words of a text. */
export function findSessions(all: readonly SessionSummary[], text: string): readonly SessionSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all;
  return all.filter((session) => {
    const { id, title, status, image, output, error } = session;
    const facts = [nameOf(session), title, id, status, image, output, error?.message];
    const known = facts.filter(Boolean).join("\n").toLowerCase();
    return words.every((word) => known.includes(word));
  });
}

interface SelectingClick {
  readonly id: string;
  /** The one that was clicked before, for a range. */
  readonly from?: string | undefined;
}

/** The selection of a list after a click: one more or one less, or all from the one that was clicked before. */
export function afterClick(
  list: readonly string[],
  selected: ReadonlySet<string>,
  { id, from }: SelectingClick,
): ReadonlySet<string> {
  const [start, end] = [list.indexOf(from ?? id), list.indexOf(id)].sort((a, b) => a - b);
  if (from !== undefined && start !== undefined && start >= 0 && end !== undefined)
    return new Set([...selected, ...list.slice(start, end + 1)]);
  const others = [...selected].filter((one) => one !== id);
  return new Set(selected.has(id) ? others : [...others, id]);
}
