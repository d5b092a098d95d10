import { useEffect, useState } from "react";
import { createReopening } from "../sessions/session-life.ts";

/** Values of a running session, now and after each change, until the signal aborts. */
type Watch<Value> = (session: string, signal: AbortSignal) => Promise<AsyncIterable<Value>>;

/**
 * The latest value that a session tells, through lost connections; undefined until there is one.
 *
 * @param isOn whether the session may tell one
 * @param watch the same function each time
 */
export function useWatched<Value>(session: string, isOn: boolean, watch: Watch<Value>): Value | undefined {
  const [value, setValue] = useState<Value>();
  useEffect(() => {
    if (!isOn) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      const reopening = createReopening(session, signal);
      do {
        try {
          for await (const now of await watch(session, signal)) {
            reopening.works();
            setValue(() => now);
          }
        } catch {
          // The connection is lost, or the session has nothing to tell yet.
        }
      } while (await reopening.wait());
    };
    void follow();
    return () => controller.abort();
  }, [session, isOn, watch]);
  return value;
}
