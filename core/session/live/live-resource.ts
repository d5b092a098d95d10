import type { AppError } from "../../../shared/errors/errors.ts";

/** Something that a session's clients use, and that comes and goes while the session runs. */
export interface Offered<Thing> {
  /** Lets clients use it from now on, until the offer is disposed of. */
  offer(thing: Thing): Disposable;
  /**
   * Uses it.
   *
   * @throws AppError `guest-no-answer` when it is not there.
   */
  use<Result>(ask: (thing: Thing) => Promise<Result>): Promise<Result>;
  /** How many `use` are under way. */
  users(): number;
  /** Settles when none is under way. */
  idle(): Promise<void>;
}

/** @param missing what is thrown while it is not there. */
export function createOffered<Thing>(missing: () => AppError): Offered<Thing> {
  let offered: Thing | undefined;
  const running = new Set<Promise<unknown>>();
  return {
    offer: (thing) => {
      offered = thing;
      return {
        [Symbol.dispose]: () => {
          if (offered === thing) offered = undefined;
        },
      };
    },
    use: async (ask) => {
      if (offered === undefined) throw missing();
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
