import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileContent } from "../../shared/library/set-file.ts";
import { createChangeNotifier } from "../async/change-notifier.ts";
import { pollForChanges } from "../async/poll-for-changes.ts";
import { createFolderWatch } from "../files/folder-watch.ts";
import { stampOf } from "../files/tree-entries.ts";
import { readSetFile } from "./edit-set-file.ts";
import { requireSetFile } from "./set-files.ts";

/** A file that has changed within this time is read again: its next change may look the same. Milliseconds. */
const unsettled = 2_000;

/**
 * Streams the content of a text file of an image set: at once, and again after each change; null while there is no
 * such file.
 *
 * @throws AppError as `requireSetFile` and `readSetFile` do.
 */
export async function* watchSetFile(
  path: string,
  workspaces: () => readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<FileContent | null> {
  const changes = createChangeNotifier();
  using watch = createFolderWatch(changes.notify);
  let last: { readonly stamp: string; readonly content: FileContent | null } | undefined;
  const take = async () => {
    await watch.watch(new Set([dirname(path)]));
    const status = await stat(path, { bigint: true }).catch(() => undefined);
    const stamp = status ? stampOf(status) : "missing";
    const isSettled = !status || Number(status.ctimeMs) < Date.now() - unsettled;
    if (last?.stamp === stamp && isSettled) return last.content;
    last = { stamp, content: readSetFile(requireSetFile(path, workspaces())) };
    return last.content;
  };
  yield* pollForChanges(take, signal, changes.next);
}
