import { AppError } from "../../../shared/errors/errors.ts";

/** A question that a session's process asks a person, who answers in the window or the CLI. */
export interface PendingChoice<Choice extends string> {
  /** Asks, and settles with the answer; rejects with the signal's reason when it aborts. */
  ask(signal: AbortSignal): Promise<Choice>;
  /** Answers. @throws AppError `usage` when nothing is asked now: also when somebody else has answered before */
  answer(choice: Choice): void;
}

/** @param session the session's id, for errors */
export function createPendingChoice<Choice extends string>(session: string): PendingChoice<Choice> {
  let asked: ((choice: Choice) => void) | undefined;
  let given: Choice | undefined;
  return {
    ask: async (signal) => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Choice>();
      const onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      asked = resolve;
      given = undefined;
      try {
        return await promise;
      } finally {
        asked = undefined;
        signal.removeEventListener("abort", onAbort);
      }
    },
    answer: (choice) => {
      if (!asked) throw given === undefined ? nothingAsked(session) : answeredBefore(session, given);
      asked(choice);
      // The next one may come before the first is acted on.
      asked = undefined;
      given = choice;
    },
  };
}

function answeredBefore(session: string, choice: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${session} already has an answer, "${choice}", from another window or from the CLI`,
    advice: "Your answer changes nothing.",
  });
}

function nothingAsked(session: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${session} is not waiting for an answer`,
    advice: "A build waits for an answer when the guest of an installation by hand has shut down.",
  });
}
