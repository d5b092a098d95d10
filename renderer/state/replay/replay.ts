import { createStore, type StoreApi } from "zustand/vanilla";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import { nextMoment, previousMoment } from "./axis.ts";
import { loadRecording, type Recording } from "./recording.ts";

/** How many times faster than it was. */
export const speeds = [1, 4, 16] as const;
export type Speed = (typeof speeds)[number];

/** The replay of a session, as far as it has come. */
export interface Replay {
  /** Absent while it is read. */
  readonly recording?: Recording;
  /** The reason why it could not be read. */
  readonly error?: ErrorData;
  /** The time that is shown, in milliseconds since the epoch. */
  readonly time: number;
  readonly isPlaying: boolean;
  readonly speed: Speed;
}

interface Player {
  readonly store: StoreApi<Replay>;
  readonly gone: AbortController;
}

/** A time in which nothing changes is played in this long, at most. Milliseconds. */
const longestQuiet = 1_000;

const players = createSessionMemory(
  (session): Player => {
    const store = createStore<Replay>(() => ({ time: 0, isPlaying: false, speed: 1 }));
    const gone = new AbortController();
    loadRecording(session, gone.signal).then(
      (recording) => store.setState(({ time }) => ({ recording, time: within(recording, time) })),
      (error: unknown) => store.setState({ error: toAppError(error).toJSON() }),
    );
    return { store, gone };
  },
  {
    end: ({ store, gone }) => {
      store.setState({ isPlaying: false });
      gone.abort();
    },
  },
);

/** The replay of a session that has ended; it is read when it is first asked for. */
export function replayOf(session: string): StoreApi<Replay> {
  return players.of(session).store;
}

/** Shows another time, within the session's own; while the session is read, as soon as that is done. */
export function seek(session: string, time: number): void {
  replayOf(session).setState(({ recording }) => ({ time: recording ? within(recording, time) : time }));
}

function within({ start, end }: Recording, time: number): number {
  return Math.min(end, Math.max(start, time));
}

/** Goes to the next or previous time at which something changes, or to an end. */
export function step(session: string, direction: "next" | "previous"): void {
  const { recording, time } = replayOf(session).getState();
  if (!recording) return;
  const find = direction === "next" ? nextMoment : previousMoment;
  seek(session, find(recording.moments, time) ?? (direction === "next" ? recording.end : recording.start));
}

/** Plays from the time that is shown, or from the start if that is the end. */
export function play(session: string): void {
  const store = replayOf(session);
  const { recording, time, isPlaying } = store.getState();
  if (!recording || isPlaying) return;
  store.setState({ isPlaying: true, time: time >= recording.end ? recording.start : time });
  let last = performance.now();
  const frame = (now: number) => {
    const state = store.getState();
    if (!state.isPlaying) return;
    const next = advance(recording, state.time, (now - last) * state.speed, longestQuiet * state.speed);
    last = now;
    store.setState({ time: next, isPlaying: next < recording.end });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

export function pause(session: string): void {
  replayOf(session).setState({ isPlaying: false });
}

export function setSpeed(session: string, speed: Speed): void {
  replayOf(session).setState({ speed });
}

/**
 * The time after some more milliseconds. Times in which nothing changes are cut short.
 *
 * @param quiet the longest time in which nothing changes, in milliseconds of the session
 */
export function advance(
  { moments, end }: Pick<Recording, "moments" | "end">,
  time: number,
  milliseconds: number,
  quiet: number,
): number {
  const change = nextMoment(moments, time) ?? end;
  const begin = Math.max(time, change - quiet);
  return Math.min(end, begin + milliseconds);
}
