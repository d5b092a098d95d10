import type { RecordedScript } from "../../../shared/recorder/recorded-step.ts";
import { sessionClient } from "../../client/api-client.ts";
import { useWatched } from "../../state/install/use-watched.ts";

const watchScript = (session: string, signal: AbortSignal) =>
  sessionClient(session).recording.watch(undefined, { signal });

/** The proposed steps of an installation by hand, also after its session has ended; undefined until they are known. */
export function useRecordedScript(session: string): RecordedScript | undefined {
  return useWatched(session, true, watchScript);
}
