import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { sessionClient } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";
import { createReopening } from "./session-life.ts";

/** A state that is made of a session's events. */
interface ReadLog {
  /** The number of the last event: the place to resume from when the connection is opened again. */
  readonly seen: number;
}

interface FollowOptions<State> {
  /** The state to begin with. */
  readonly state: State;
  /** Makes the state after some more events: a log that is read from its beginning comes in pieces. */
  readonly reduce: (before: State, events: readonly SessionEvent[]) => State;
  /** Takes the state that is to be drawn: several pieces of a long log are drawn at once. */
  readonly show: (state: State) => void;
}

/** So long, in milliseconds, nothing is drawn after a drawing, so that more is read than drawn of a long log. */
const drawPause = 100;
/** So long if many events came at once: then a long log is being read. */
const busyPause = 700;
const manyEvents = 2_000;
/** So many events are kept at most until they are in the state: the longer they are kept, the more their garbage costs. */
const mostWaiting = 1_000;

/**
 * Follows the events of a session from its beginning to its end, through lost connections. If an ended session's log
 * can't be read, the reason is shown once.
 *
 * @returns a function that ends it.
 */
export function followEvents<State extends ReadLog>(
  session: string,
  options: FollowOptions<State>,
): () => void {
  const controller = new AbortController();
  void follow(session, options, controller.signal);
  return () => controller.abort();
}

async function follow<State extends ReadLog>(
  session: string,
  { state: first, reduce, show }: FollowOptions<State>,
  signal: AbortSignal,
): Promise<void> {
  const reopening = createReopening(session, signal);
  let state = first;
  let waiting: SessionEvent[] = [];
  let isScheduled = false;
  let drawn = { at: Number.NEGATIVE_INFINITY, seen: first.seen, pauseAfter: drawPause };
  const takeWaiting = () => {
    state = reduce(state, waiting);
    waiting = [];
  };
  const draw = () => {
    isScheduled = false;
    takeWaiting();
    const count = state.seen - drawn.seen;
    drawn = {
      at: performance.now(),
      seen: state.seen,
      pauseAfter: count > manyEvents ? busyPause : drawPause,
    };
    if (count > 0 && !signal.aborted) show(state);
  };
  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    const pause = drawn.at + drawn.pauseAfter - performance.now();
    if (pause > 0) setTimeout(() => requestAnimationFrame(draw), pause);
    else requestAnimationFrame(draw);
  };
  while (!signal.aborted) {
    try {
      for await (const batch of sessionEvents(sessionClient(session), { after: state.seen }, { signal })) {
        reopening.works();
        waiting = waiting.concat(batch);
        if (waiting.length > mostWaiting) takeWaiting();
        schedule();
      }
      draw();
      return;
    } catch (error) {
      draw();
      if (await reopening.wait()) continue;
      if (!signal.aborted) sayError(error);
      return;
    }
  }
}
