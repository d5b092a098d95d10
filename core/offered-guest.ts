import { AppError } from "../shared/errors.ts";
import type { GuestActions } from "./meta/guest-actions.ts";

/** The guest of a session, as its clients reach it: it comes and goes while the session runs. */
export interface OfferedGuest {
  /** Lets clients ask the guest from now on, until the offer is disposed of. */
  offer(actions: GuestActions): Disposable;
  /**
   * Asks the guest for something.
   *
   * @throws AppError `guest-no-answer` when there is no guest that could be asked.
   */
  use<Result>(ask: (actions: GuestActions) => Promise<Result>): Promise<Result>;
  /** How many `use` are under way. */
  users(): number;
  /** Settles when none is under way. */
  idle(): Promise<void>;
}

/** @param session the session's id, for errors. */
export function createOfferedGuest(session: string): OfferedGuest {
  let offered: GuestActions | undefined;
  const running = new Set<Promise<unknown>>();
  return {
    offer: (actions) => {
      offered = actions;
      return {
        [Symbol.dispose]: () => {
          if (offered === actions) offered = undefined;
        },
      };
    },
    use: async (ask) => {
      if (!offered) throw noGuest(session);
      const asking = ask(offered);
      running.add(asking);
      try {
        return await asking;
      } finally {
        running.delete(asking);
      }
    },
    users: () => running.size,
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function noGuest(session: string): AppError {
  return new AppError({
    code: "guest-no-answer",
    message: `session ${session} has no guest that could be asked now`,
    advice:
      "The guest tools of a run can be asked from the moment its virtual machine starts; while an image is built there are none.",
  });
}
