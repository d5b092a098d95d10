import { app } from "../../client/api-client.ts";
import { runTransfer } from "../guest/transfers.ts";

/** Copies a file in an image, or a folder as a tar archive, to a new file on the host. */
export function startSaving(image: string, path: string, target: string): Promise<void> {
  return runTransfer({ kind: "download", owner: image, source: path, target }, async (signal, onProgress) => {
    const progress = await app().contents.save({ image, path, target }, { signal });
    for (;;) {
      const { done, value } = await progress.next();
      if (done) return value;
      onProgress(value);
    }
  });
}
