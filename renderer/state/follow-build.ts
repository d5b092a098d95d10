import { sessionClient } from "../api-client.ts";
import { whenConnected } from "./connection.ts";
import { buildView, type LoggedEvent, reduceBuildView } from "./session-view.ts";
import { sayError } from "./toasts.ts";

/**
 * Keeps the view of a build at what its session's log says, through lost connections.
 *
 * @returns what ends it.
 */
export function followBuild(session: string): () => void {
  const controller = new AbortController();
  void follow(session, controller.signal);
  return () => controller.abort();
}

async function follow(session: string, signal: AbortSignal): Promise<void> {
  const view = buildView(session);
  while (!signal.aborted) {
    try {
      const after = view.getState().seen;
      const events = await sessionClient(session).session.events({ after }, { signal });
      // Many events come at once when a log is read from its beginning: they are shown together.
      let waiting: LoggedEvent[] = [];
      const show = () => {
        const batch = waiting;
        waiting = [];
        if (batch.length > 0) view.setState((state) => batch.reduce(reduceBuildView, state));
      };
      for await (const event of events) {
        if (waiting.length === 0) requestAnimationFrame(show);
        waiting.push(event);
      }
      show();
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(await whenConnected(signal))) sayError(error);
    }
  }
}
