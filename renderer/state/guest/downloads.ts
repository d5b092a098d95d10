import { sessionClient } from "../../client/api-client.ts";
import { runTransfer } from "./transfers.ts";

/** Copies a file of the guest's to a new file on the host. */
export function startDownload(session: string, source: string, target: string): Promise<void> {
  return runTransfer({ kind: "download", owner: session, source, target }, async (signal, onProgress) => {
    const transfer = await sessionClient(session).guest.getArtifact({ path: source, target }, { signal });
    for (;;) {
      const { done, value } = await transfer.next();
      if (done) return value;
      onProgress(value);
    }
  });
}
