import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { whenConnected } from "../connection/connection.ts";
import { findSession } from "./find-session.ts";
import { whenClosed } from "./session-memory.ts";

/**
 * The state of a session, as this window knows it. `unknown`: the list of sessions is not there yet, or does not have
 * it yet. `killed`: its process ended without recording a result.
 */
export type SessionLife = "unknown" | "running" | "ended" | "killed" | "deleted";

/** Sessions that the list has had. */
const listed = new Set<string>();
/** Sessions that could not be reached, and that the list did not have. */
const lost = createStore<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

sessions.subscribe(({ value = [] }) => {
  for (const { id } of value) listed.add(id);
});

whenClosed((isOpen) => {
  for (const id of listed) if (!isOpen(id) && !findSession(id)) listed.delete(id);
  lost.setState(({ ids }) => ({ ids: new Set([...ids].filter(isOpen)) }));
});

export function useSessionLife(session: string): SessionLife {
  const isLost = useStore(lost, ({ ids }) => ids.has(session));
  return useStore(sessions, ({ value }) => lifeOf(session, value, isLost));
}

function lifeOf(session: string, list: readonly SessionSummary[] | undefined, isLost: boolean): SessionLife {
  if (!list) return "unknown";
  const status = list.find(({ id }) => id === session)?.status;
  if (status === undefined) return isLost || listed.has(session) ? "deleted" : "unknown";
  return status === "running" || status === "killed" ? status : "ended";
}

/** Pauses between tries to reach a session again, beside that of `whenConnected`: none at first. Milliseconds. */
const pauses = { second: 500, longest: 8_000 };
/** The number of tries for an ended session: its files answer at the first one, or can't be read at all. */
const triesOfEnded = 3;

/** Decides when a channel of a session that broke, or could not be opened, is opened again. */
interface Reopening {
  /** Waits until that may go well. @returns false when it never will, or the signal aborts */
  wait(): Promise<boolean>;
  /** The channel works: the next failure has another reason. */
  works(): void;
}

/**
 * Decides whether and when a session's channel is opened again. A session that was deleted is
 * not asked for any more; one that is there is, at first soon, then less and less often.
 */
export function createReopening(session: string, signal: AbortSignal): Reopening {
  let tries = 0;
  let pause = 0;
  return {
    works: () => {
      tries = 0;
      pause = 0;
    },
    wait: async () => {
      tries += 1;
      await pass(pause, signal);
      pause = Math.min(pause === 0 ? pauses.second : 2 * pause, pauses.longest);
      if (!(await whenConnected(signal)) || !(await whenListed(session, signal))) return false;
      return findSession(session)?.status === "running" || tries <= triesOfEnded;
    },
  };
}

/** @returns false when the signal aborts before */
async function whenListed(session: string, signal: AbortSignal): Promise<boolean> {
  await new Promise<void>((resolve) => {
    const look = () => {
      const { value } = sessions.getState();
      const isThere = value?.some(({ id }) => id === session);
      if (isThere === false)
        lost.setState(({ ids }) => (ids.has(session) ? {} : { ids: new Set([...ids, session]) }));
      if (!isThere && !signal.aborted) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = sessions.subscribe(look);
    signal.addEventListener("abort", look, { once: true });
    look();
  });
  return !signal.aborted;
}

async function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
