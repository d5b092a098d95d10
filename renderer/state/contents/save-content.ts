import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { app } from "../../client/api-client.ts";
import { forgetDone, runTransfer } from "../guest/transfers.ts";

/** An entry of an image that can be copied out of it. */
export type SavedEntry = Pick<ContentEntry, "path" | "name" | "kind">;

/** Copies a file in an image, or a folder as a tar archive, to a new file on the host; copies that are done leave the list. */
export function startSaving(image: string, path: string, target: string): Promise<void> {
  forgetDone(image, "download");
  return runTransfer({ kind: "download", owner: image, source: path, target }, async (signal, onProgress) => {
    const progress = await app().contents.save({ image, path, target }, { signal });
    for (;;) {
      const { done, value } = await progress.next();
      if (done) return value;
      onProgress(value);
    }
  });
}
