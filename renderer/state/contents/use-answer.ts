import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { connection } from "../connection/connection.ts";

interface Answer<Result> {
  /** Absent while it is awaited, and when there is none. */
  readonly result?: Result;
  readonly error?: ErrorData;
}

/**
 * Asks the engine something, as long as a view shows its answer.
 *
 * @param key tells one question from another; undefined asks nothing
 * @returns the answer to the present question, and a function that asks once more
 */
export function useAnswer<Result>(
  key: string | undefined,
  ask: (signal: AbortSignal) => Promise<Result>,
): Answer<Result> & { readonly askAgain: () => void } {
  const [answer, setAnswer] = useState<Answer<Result> & { readonly key?: string }>({});
  const [count, setCount] = useState(0);
  const isConnected = useStore(connection, ({ status }) => status === "connected");
  // The key stands for the question.
  useEffect(() => {
    if (key === undefined || !isConnected) return;
    const controller = new AbortController();
    const { signal } = controller;
    ask(signal).then(
      (result) => signal.aborted || setAnswer({ key, result }),
      (thrown) => signal.aborted || setAnswer({ key, error: toAppError(thrown).toJSON() }),
    );
    return () => controller.abort();
  }, [key, isConnected, count]);
  const askAgain = useCallback(() => {
    setAnswer({});
    setCount((before) => before + 1);
  }, []);
  return { ...(answer.key === key && answer), askAgain };
}
