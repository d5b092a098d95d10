import { createStore, type StoreApi } from "zustand/vanilla";
import {
  type BuildEvent,
  type BuildState,
  buildEventTypes,
  initialBuildState,
  reduceBuild,
} from "../../shared/build.ts";
import type { SessionEvent } from "../../shared/session-event.ts";

/** A line that was said during a build, in their order; what the host's commands print has a terminal of its own. */
export interface LogLine {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly from: "guest" | "note";
  readonly text: string;
}

/** What happens in a session's log; of builds only this view knows more than the number. */
export type LoggedEvent = Pick<SessionEvent, "seq" | "time" | "type">;

/** A build as its view shows it. */
export interface BuildView {
  readonly build: BuildState;
  readonly lines: readonly LogLine[];
  /** The number of the last event that was seen: where to go on after a break. */
  readonly seen: number;
}

/** Lines that are kept in the window; older ones are in the session's log. */
const maxLines = 20_000;

export const emptyBuildView: BuildView = { build: initialBuildState, lines: [], seen: 0 };

/** The view after one more event of the session's log; one that was seen already changes nothing. */
export function reduceBuildView(view: BuildView, event: LoggedEvent): BuildView {
  if (event.seq <= view.seen) return view;
  if (!isBuildEvent(event)) return { ...view, seen: event.seq };
  const line = lineOf(event);
  const lines = line ? [...view.lines, { ...line, number: event.seq }].slice(-maxLines) : view.lines;
  return { build: reduceBuild(view.build, event), lines, seen: event.seq };
}

function isBuildEvent(event: LoggedEvent): event is BuildEvent & LoggedEvent {
  return buildEventTypes.has(event.type);
}

function lineOf(event: BuildEvent): Omit<LogLine, "number"> | undefined {
  switch (event.type) {
    case "guest-log":
      return { time: event.time, from: "guest", text: event.text };
    case "note":
      return { time: event.time, from: "note", text: event.text };
    default:
      return undefined;
  }
}

/** One store a session whose build is shown; kept while the window is open, so that coming back shows it at once. */
const views = new Map<string, StoreApi<BuildView>>();

export function buildView(session: string): StoreApi<BuildView> {
  const view = views.get(session) ?? createStore<BuildView>(() => emptyBuildView);
  views.set(session, view);
  return view;
}
