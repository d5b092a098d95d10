import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { SessionComparison } from "../../../shared/session/session-comparison.ts";
import { app } from "../../client/api-client.ts";
import { connection } from "../connection/connection.ts";

interface ComparisonState {
  /** The last one; it stays while the sessions are compared again. */
  readonly comparison: SessionComparison | undefined;
  /** Why they can't be compared. */
  readonly error: ErrorData | undefined;
  readonly isReading: boolean;
  /** Compares once more: a running session has more exchanges by then. */
  readonly compareAgain: () => void;
}

/** Compares two sessions, when a view is first shown and whenever it asks. @param polls whether polls are compared, too, that gave no action */
export function useComparison(first: string, second: string, polls: boolean): ComparisonState {
  const [count, setCount] = useState(0);
  const [comparison, setComparison] = useState<SessionComparison>();
  const [error, setError] = useState<ErrorData>();
  const [isReading, setReading] = useState(true);
  const isConnected = useStore(connection, ({ status }) => status === "connected");
  useEffect(() => {
    if (!isConnected) return;
    const controller = new AbortController();
    const { signal } = controller;
    const end = (read: { readonly comparison?: SessionComparison; readonly error?: ErrorData }) => {
      if (signal.aborted) return;
      if (read.comparison) setComparison(read.comparison);
      setError(read.error);
      setReading(false);
    };
    setReading(true);
    app()
      .sessions.compare({ first, second, polls }, { signal })
      .then(
        (read) => end({ comparison: read }),
        (thrown) => end({ error: toAppError(thrown).toJSON() }),
      );
    return () => controller.abort();
  }, [first, second, polls, isConnected, count]);
  const compareAgain = useCallback(() => setCount((before) => before + 1), []);
  return { comparison, error, isReading, compareAgain };
}
