import { sessionClient } from "../../client/api-client.ts";
import { useWatched } from "../../state/install/use-watched.ts";

const watchLine = (session: string, signal: AbortSignal) =>
  sessionClient(session).install.watch(undefined, { signal });

/**
 * The last line of the console on which a build's install steps wait. While this is used, a wait that fails waits for the person.
 *
 * @param isOn whether the steps are being done
 */
export function useConsoleLine(session: string, isOn: boolean): string {
  return useWatched(session, isOn, watchLine) ?? "";
}
