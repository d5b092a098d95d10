import type { ImportChoices, WorkProgress } from "../../../shared/contracts/contents-contract.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { showImage, showPanel } from "../layout/panels.ts";
import { sayOffer } from "../messages/notices.ts";

/** How long the notice about an imported disk offers to look inside, in milliseconds. */
const offerMilliseconds = 20_000;

/** Makes an image archive of a disk, and lists it in the library. @throws AppError; the signal's reason */
export async function importDisk(
  choices: ImportChoices,
  signal: AbortSignal,
  onProgress: (progress: WorkProgress) => void,
): Promise<void> {
  const events = await app().contents.importDisk(choices, { signal });
  for (;;) {
    const { done, value } = await events.next();
    if (!done) {
      onProgress(value);
      continue;
    }
    const { path, bytes, notes } = value;
    await app().library.openArchive({ path });
    showPanel("library");
    sayOffer([`${path}: ${formatBytes(bytes)}. It is in the library.`, ...notes].join(" "), {
      label: "Look inside",
      run: () => showImage(path),
      milliseconds: offerMilliseconds,
    });
    return;
  }
}
