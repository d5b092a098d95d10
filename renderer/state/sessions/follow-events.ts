import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { sessionClient } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";
import { createReopening } from "./session-life.ts";

interface FollowOptions {
  /** The number of the last event that was seen, when the connection is opened, or opened again. */
  readonly seen: () => number;
  /**
   * Takes the events since then: a log that is read from its beginning comes in pieces, of which several are shown at
   * once.
   */
  readonly show: (events: readonly SessionEvent[]) => void;
}

/** So long, in milliseconds, nothing is drawn after a drawing, so that more is read than drawn of a long log. */
const drawPause = 100;
/** So long if many events came at once: then a long log is being read. */
const busyPause = 700;
const manyEvents = 2_000;

/**
 * Follows the events of a session from its beginning to its end, through lost connections. If an ended session's log
 * can't be read, the reason is shown once.
 *
 * @returns a function that ends it.
 */
export function followEvents(session: string, options: FollowOptions): () => void {
  const controller = new AbortController();
  void follow(session, options, controller.signal);
  return () => controller.abort();
}

async function follow(session: string, { seen, show }: FollowOptions, signal: AbortSignal): Promise<void> {
  const reopening = createReopening(session, signal);
  let drawn = Number.NEGATIVE_INFINITY;
  let pauseAfter = drawPause;
  while (!signal.aborted) {
    let waiting: (readonly SessionEvent[])[] = [];
    const showWaiting = () => {
      const events = waiting.flat();
      waiting = [];
      drawn = performance.now();
      pauseAfter = events.length > manyEvents ? busyPause : drawPause;
      if (events.length > 0 && !signal.aborted) show(events);
    };
    try {
      for await (const batch of sessionEvents(sessionClient(session), { after: seen() }, { signal })) {
        reopening.works();
        if (waiting.length === 0) {
          const pause = drawn + pauseAfter - performance.now();
          if (pause > 0) setTimeout(() => requestAnimationFrame(showWaiting), pause);
          else requestAnimationFrame(showWaiting);
        }
        waiting.push(batch);
      }
      showWaiting();
      return;
    } catch (error) {
      showWaiting();
      if (await reopening.wait()) continue;
      if (!signal.aborted) sayError(error);
      return;
    }
  }
}
