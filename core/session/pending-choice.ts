import { AppError } from "../../shared/errors.ts";

/** Something that a session's process asks a person, who answers in a window or on the command line. */
export interface PendingChoice<Choice> {
  /** Asks, and settles with the answer; rejects with the signal's reason when it aborts. */
  ask(signal: AbortSignal): Promise<Choice>;
  /** Answers. @throws AppError `usage` when nothing is asked now */
  answer(choice: Choice): void;
}

/** @param session the session's id, for errors */
export function createPendingChoice<Choice>(session: string): PendingChoice<Choice> {
  let asked: ((choice: Choice) => void) | undefined;
  return {
    ask: async (signal) => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Choice>();
      const onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      asked = resolve;
      try {
        return await promise;
      } finally {
        asked = undefined;
        signal.removeEventListener("abort", onAbort);
      }
    },
    answer: (choice) => {
      if (!asked) throw nothingAsked(session);
      asked(choice);
    },
  };
}

function nothingAsked(session: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${session} asks nothing now`,
    advice: "It asks what to do when the guest of an installation by hand is off.",
  });
}
