import type { ErrorData } from "../errors/error-data.ts";
import { assertNever } from "../errors/errors.ts";
import type { Note } from "../session/note.ts";

/** The end of a round's check of an image, in words. */
export interface Verdict {
  readonly outcome: "passed" | "failed";
  /** The result as a part of a sentence: `the task succeeded`, `2 of 3 scenarios passed`. */
  readonly text: string;
  /** The lines that say why it failed: a compiler's, the last ones of the log, the expectations that were not met. */
  readonly lines: readonly string[];
  /** The file with all lines, if there is one. */
  readonly log?: string | undefined;
  /** The session with the result, if there is one. */
  readonly session?: string | undefined;
}

/**
 * The two verdicts of a round. The fast one comes from a saved state of a worker image, in which the guest tools were
 * replaced; the true one from the rebuilt image, which boots.
 */
export type VerdictKind = "fast" | "true";

/** The reason why a round began. */
export type RoundReason = "start" | "change" | "forced";

/** An event of a watch. `time` is in milliseconds since the epoch. */
export type WatchEvent = { readonly time: number } & (
  | {
      readonly type: "watch-started";
      readonly session: string;
      readonly folder: string;
      readonly kind: "watch";
      readonly title: string;
      /** The folder of the image set. */
      readonly set: string;
      /** The check of each round in words: `make test`, or the names of scenarios. */
      readonly check: string;
    }
  | {
      readonly type: "round-started";
      /** Counts from 1. */
      readonly round: number;
      readonly reason: RoundReason;
      /** The files that have changed since the last true verdict. */
      readonly changed: readonly string[];
      /** When the newest change was seen: verdicts count their time from here. */
      readonly saved: number;
    }
  /** A build or run of the round has begun, in a session of its own. */
  | {
      readonly type: "round-session";
      readonly round: number;
      readonly phase: RoundPhase;
      readonly session: string;
      readonly title: string;
    }
  /** Another process builds one of the images: the round continues when that has ended. */
  | { readonly type: "round-waits"; readonly round: number; readonly reason: string }
  | { readonly type: "no-fast-verdict"; readonly round: number; readonly reason: string }
  /** `after`: milliseconds since the change was saved. */
  | ({
      readonly type: "verdict";
      readonly round: number;
      readonly kind: VerdictKind;
      readonly after: number;
    } & Verdict)
  /** A newer change has come, or a person has asked for another round, before the true verdict. */
  | { readonly type: "round-overtaken"; readonly round: number }
  | ({ readonly type: "note" } & Note)
  /** A person has ended the watch. */
  | { readonly type: "watch-ended" }
  | { readonly type: "watch-failed"; readonly error: ErrorData }
);

/** The work of a round that is under way. */
export type RoundPhase = "fast" | "setup" | "rebuild" | "true";

/** A verdict with its time. */
export type TimedVerdict = Verdict & { readonly after: number };

/** A round, as far as it has come. */
export interface RoundState {
  readonly round: number;
  readonly reason: RoundReason;
  readonly changed: readonly string[];
  readonly saved: number;
  readonly status: "running" | "overtaken" | "ended" | "stopped";
  /** The build or run that is under way, or was last. */
  readonly phase?: RoundPhase | undefined;
  readonly sessions: readonly RoundSession[];
  /** The reason why it waits, while it does. */
  readonly waits?: string | undefined;
  readonly fast?: TimedVerdict | undefined;
  /** The reason why there is no fast verdict. */
  readonly noFast?: string | undefined;
  readonly true?: TimedVerdict | undefined;
}

/** A build or run of a round. */
export interface RoundSession {
  readonly phase: RoundPhase;
  readonly session: string;
  readonly title: string;
}

/** The state of a watch. */
export interface WatchState {
  readonly title: string;
  readonly check: string;
  readonly set: string;
  readonly started: number;
  /** The newest last; only so many are kept. */
  readonly rounds: readonly RoundState[];
  readonly outcome:
    | { readonly status: "running" }
    | { readonly status: "ended"; readonly finished: number }
    | { readonly status: "failed"; readonly finished: number; readonly error: ErrorData };
}

export const initialWatchState: WatchState = {
  title: "",
  check: "",
  set: "",
  started: 0,
  rounds: [],
  outcome: { status: "running" },
};

/** Older rounds are only in the session's log. */
const keptRounds = 100;

const isWatchEventType: Readonly<Record<WatchEvent["type"], true>> = {
  "watch-started": true,
  "round-started": true,
  "round-session": true,
  "round-waits": true,
  "no-fast-verdict": true,
  verdict: true,
  "round-overtaken": true,
  note: true,
  "watch-ended": true,
  "watch-failed": true,
};

/** Tells a watch's events from others in a session's log. */
export function isWatchEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & WatchEvent {
  return event.type in isWatchEventType;
}

/** The state after one more event. */
export function reduceWatch(state: WatchState, event: WatchEvent): WatchState {
  const change = (round: number, changeOf: (before: RoundState) => Partial<RoundState>): WatchState => ({
    ...state,
    rounds: state.rounds.map((one) => (one.round === round ? { ...one, ...changeOf(one) } : one)),
  });
  const stopped = () =>
    state.rounds.map((one) => (one.status === "running" ? { ...one, status: "stopped" as const } : one));
  switch (event.type) {
    case "watch-started": {
      const { title, check, set, time: started } = event;
      return { ...initialWatchState, title, check, set, started };
    }
    case "round-started": {
      const { round, reason, changed, saved } = event;
      const begun: RoundState = { round, reason, changed, saved, status: "running", sessions: [] };
      return { ...state, rounds: [...state.rounds, begun].slice(-keptRounds) };
    }
    case "round-session": {
      const { round, phase, session, title } = event;
      return change(round, ({ sessions }) => ({
        phase,
        ...(phase !== "fast" && { waits: undefined }),
        sessions: [...sessions, { phase, session, title }],
      }));
    }
    case "round-waits":
      return change(event.round, () => ({ waits: event.reason }));
    case "no-fast-verdict":
      return change(event.round, () => ({ noFast: event.reason }));
    case "verdict": {
      const { time: _time, type: _type, round, kind, ...verdict } = event;
      return change(round, () =>
        kind === "fast" ? { fast: verdict } : { true: verdict, status: "ended" as const, waits: undefined },
      );
    }
    case "round-overtaken":
      return change(event.round, () => ({ status: "overtaken", waits: undefined }));
    case "watch-ended": {
      const { time: finished } = event;
      return { ...state, rounds: stopped(), outcome: { status: "ended", finished } };
    }
    case "watch-failed": {
      const { time: finished, error } = event;
      return { ...state, rounds: stopped(), outcome: { status: "failed", finished, error } };
    }
    case "note":
      return state;
    default:
      return assertNever(event);
  }
}
