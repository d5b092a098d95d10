import { useEffect, useState } from "react";
import { sessionClient } from "../../client/api-client.ts";
import { createReopening } from "../../state/sessions/session-life.ts";

/**
 * The last line of the console on which a build's install steps wait. While this is used, a wait that fails waits for the person.
 *
 * @param isOn whether the steps are being done
 */
export function useConsoleLine(session: string, isOn: boolean): string {
  const [line, setLine] = useState("");
  useEffect(() => {
    if (!isOn) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      const reopening = createReopening(session, signal);
      do {
        try {
          for await (const now of await sessionClient(session).install.watch(undefined, { signal })) {
            reopening.works();
            setLine(now);
          }
        } catch {
          // The connection is lost, or the steps have not begun.
        }
      } while (await reopening.wait());
    };
    void follow();
    return () => controller.abort();
  }, [session, isOn]);
  return line;
}
