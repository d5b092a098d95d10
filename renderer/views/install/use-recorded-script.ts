import { useEffect, useState } from "react";
import type { RecordedScript } from "../../../shared/recorder/recorded-step.ts";
import { sessionClient } from "../../client/api-client.ts";
import { createReopening } from "../../state/sessions/session-life.ts";

/** The proposed steps of an installation by hand that is being recorded; undefined until they are known. */
export function useRecordedScript(session: string, isRecording: boolean): RecordedScript | undefined {
  const [script, setScript] = useState<RecordedScript>();
  useEffect(() => {
    if (!isRecording) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      const reopening = createReopening(session, signal);
      do {
        try {
          for await (const now of await sessionClient(session).recording.watch(undefined, { signal })) {
            reopening.works();
            setScript(now);
          }
        } catch {
          // The connection is lost, or there is no virtual machine yet.
        }
      } while (await reopening.wait());
    };
    void follow();
    return () => controller.abort();
  }, [session, isRecording]);
  return script;
}
