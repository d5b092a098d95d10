import type { StateKeeper } from "../window/stored-state.ts";

/** The sessions that ended because the app did, for any reason: the next start offers to resume their builds. */
export interface EndedSessions {
  /** Their ids. */
  readonly get: () => readonly string[];
  /** A person has decided about them. */
  forget(): void;
  /** Notes which sessions end if the app ends now, by their ids. */
  setRunning(ids: readonly string[]): void;
}

export function createEndedSessions(kept: StateKeeper): EndedSessions {
  let ended: readonly string[] = kept.get().running;
  let running: readonly string[] = [];
  const keep = () => kept.change({ running: [...ended, ...running] });
  return {
    get: () => ended,
    forget: () => {
      ended = [];
      keep();
    },
    setRunning: (ids) => {
      running = ids;
      keep();
    },
  };
}
