import { createStore, type StoreApi } from "zustand/vanilla";
import type { Check } from "../../../shared/scenario/scenario-event.ts";
import { type Note as About, isOfSession } from "../../../shared/session/note.ts";
import { initialRunState, isRunEvent, type RunState, reduceRun } from "../../../shared/session/run.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import {
  initialWatchState,
  isWatchEvent,
  reduceWatch,
  type WatchState,
} from "../../../shared/watch/watch.ts";
import { type Boot, noBoot, reduceBoot } from "../exchanges/boot-path.ts";
import { addMarks, type SessionMark } from "../exchanges/session-marks.ts";
import { type Exchanges, isExchangesEvent, noExchanges, reduceExchanges } from "../guest/exchanges.ts";
import { followEvents } from "./follow-events.ts";
import { createSessionMemory } from "./session-memory.ts";

/** A note of the host for the person. */
export interface Note {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
  readonly about?: About["about"];
}

/** A session as its log tells it. */
export interface SessionLog extends Exchanges {
  readonly run: RunState;
  readonly watch: WatchState;
  /** When its virtual machine was started, the last time. */
  readonly booted?: number | undefined;
  /** When it last went back to a checkpoint. */
  readonly wentBack?: number | undefined;
  readonly notes: readonly Note[];
  /** Its last boot. */
  readonly boot: Boot;
  /** The moments that a time axis shows. */
  readonly marks: readonly SessionMark[];
  /** The expectations of its scenario that were compared. */
  readonly checks: readonly Check[];
  /** The number of the last event about its rules; 0 before the first one. */
  readonly rulesChanged: number;
  /** The number of the last event that was seen: the place to resume from after a break. */
  readonly seen: number;
}

export const emptySessionLog: SessionLog = {
  ...noExchanges,
  run: initialRunState,
  watch: initialWatchState,
  notes: [],
  boot: noBoot,
  marks: [],
  checks: [],
  rulesChanged: 0,
  seen: 0,
};

/** The log with some more events; those that it has already change nothing. */
export function reduceSessionLog(before: SessionLog, events: readonly SessionEvent[]): SessionLog {
  const fresh = events.filter(({ seq }) => seq > before.seen);
  const last = fresh.at(-1);
  if (!last) return before;
  const notes = fresh.flatMap((event) =>
    event.type === "note" && isOfSession(event)
      ? { number: event.seq, time: event.time, text: event.text, about: event.about }
      : [],
  );
  const checks = fresh.filter((event) => event.type === "expectation-checked");
  return {
    ...reduceExchanges(before, fresh.filter(isExchangesEvent)),
    booted: fresh.findLast(({ type }) => type === "qemu-started")?.time ?? before.booted,
    wentBack: fresh.findLast(({ type }) => type === "went-back")?.time ?? before.wentBack,
    run: fresh.filter(isRunEvent).reduce(reduceRun, before.run),
    watch: fresh.filter(isWatchEvent).reduce(reduceWatch, before.watch),
    notes: notes.length > 0 ? [...before.notes, ...notes] : before.notes,
    boot: fresh.reduce(reduceBoot, before.boot),
    marks: addMarks(before.marks, fresh),
    checks: checks.length > 0 ? [...before.checks, ...checks] : before.checks,
    rulesChanged: fresh.findLast(({ type }) => type.startsWith("rule-"))?.seq ?? before.rulesChanged,
    seen: last.seq,
  };
}

interface Followed {
  readonly store: StoreApi<SessionLog>;
  /** How many views show it. */
  users: number;
  stop: () => void;
}

const followed = createSessionMemory(
  (): Followed => ({ store: createStore(() => emptySessionLog), users: 0, stop: () => {} }),
  { isUsed: ({ users }) => users > 0 },
);

/** The log of a session; it is kept while a panel of the session is open, so that coming back shows it at once. */
export function sessionLog(session: string): StoreApi<SessionLog> {
  return followed.of(session).store;
}

/**
 * Keeps the log of a session up to date while somebody looks at it: all views of a session share one stream.
 *
 * @returns a function that ends it for this one
 */
export function followSessionLog(session: string): () => void {
  const record = followed.of(session);
  const { store } = record;
  if (record.users === 0)
    record.stop = followEvents(session, {
      seen: () => store.getState().seen,
      show: (events) => store.setState((state) => reduceSessionLog(state, events)),
    });
  record.users += 1;
  return () => {
    record.users -= 1;
    if (record.users === 0) record.stop();
  };
}
