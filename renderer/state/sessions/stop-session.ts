import { createStore } from "zustand/vanilla";
import { app } from "../../client/api-client.ts";
import { sessions } from "../connection/app-state.ts";
import { sayError } from "../messages/notices.ts";
import { findSession } from "./find-session.ts";
import { whenClosed } from "./session-memory.ts";

interface AskedStop {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It was asked a second time, to end without waiting for anything. */
  readonly isForced: boolean;
}

/** The kinds of stop requests to sessions, by their ids: by this window, or by others as the sessions report. */
export const stopsAsked = createStore<Readonly<Record<string, AskedStop>>>(() => ({}));

sessions.subscribe(({ value = [] }) => {
  const known = stopsAsked.getState();
  const told = value.flatMap(({ id, stopAsked }): readonly (readonly [string, AskedStop])[] =>
    stopAsked === undefined || id in known ? [] : [[id, { at: stopAsked, isForced: false }]],
  );
  if (told.length > 0) stopsAsked.setState(Object.fromEntries(told));
});

whenClosed((isOpen) => {
  const kept = Object.entries(stopsAsked.getState()).filter(
    ([session]) => isOpen(session) || findSession(session)?.status === "running",
  );
  stopsAsked.setState(Object.fromEntries(kept), true);
});

/** A session that has not ended by then may be forced to. Milliseconds. */
export const forceableAfter = 10_000;

/** The reason why a session that was asked to end can't do other things; undefined when it was not asked. */
export function stopObstacle(session: string): string | undefined {
  return session in stopsAsked.getState() ? "It is shutting down" : undefined;
}

/** Asks a session to end in order. To ask again changes nothing. */
export async function stopSession(session: string): Promise<void> {
  if (session in stopsAsked.getState()) return;
  stopsAsked.setState({ [session]: { at: Date.now(), isForced: false } });
  try {
    await app().sessions.stop({ session });
  } catch (error) {
    // It was not told: the next click asks again.
    stopsAsked.setState(({ [session]: _, ...others }) => others, true);
    sayError(error);
  }
}

/** Ends a session that was asked to end without waiting for anything. */
export async function forceSession(session: string): Promise<void> {
  const asked = stopsAsked.getState()[session];
  if (!asked || asked.isForced) return;
  stopsAsked.setState({ [session]: { ...asked, isForced: true } });
  try {
    await app().sessions.stop({ session, force: true });
  } catch (error) {
    stopsAsked.setState({ [session]: asked });
    sayError(error);
  }
}
