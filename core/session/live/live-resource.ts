import type { AppError } from "../../../shared/errors/errors.ts";

/** A resource that a session's clients use, and that appears and disappears while the session runs. */
export interface LiveResource<Thing> {
  /** Lets clients use it from now on, until the returned object is disposed of. */
  provide(thing: Thing): Disposable;
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

/** @param missing makes the error that is thrown while it is not there. */
export function createLiveResource<Thing>(missing: () => AppError): LiveResource<Thing> {
  let provided: Thing | undefined;
  const running = new Set<Promise<unknown>>();
  return {
    provide: (thing) => {
      provided = thing;
      return {
        [Symbol.dispose]: () => {
          if (provided === thing) provided = undefined;
        },
      };
    },
    use: async (ask) => {
      if (provided === undefined) throw missing();
      const asking = ask(provided);
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
