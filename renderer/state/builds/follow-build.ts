import { followEvents } from "../sessions/follow-events.ts";
import { buildView, reduceBuildView } from "./build-view.ts";

/**
 * Keeps the view of a build up to date with its session's log.
 *
 * @returns a function that ends it.
 */
export function followBuild(session: string): () => void {
  const view = buildView(session);
  return followEvents(session, {
    seen: () => view.getState().seen,
    show: (events) => view.setState((state) => reduceBuildView(state, events)),
  });
}
