import { setTimeout as delay } from "node:timers/promises";
import { createChangeNotifier } from "../async/change-notifier.ts";
import { pollForChanges } from "../async/poll-for-changes.ts";
import { createFolderWatch } from "../files/folder-watch.ts";
import { changedFiles, type FilesSnapshot, type WatchedFiles } from "./watched-files.ts";

/** Files that have changed together. */
export interface SourceChange {
  /** Names for a person. */
  readonly changed: readonly string[];
  /** When the last of them changed, in milliseconds since the epoch. */
  readonly saved: number;
}

/** Programs that save several files, such as `git checkout`, pause less between them. Milliseconds. */
const quietTime = 100;
/** Other files of the same folders may change all the time: their changes are not waited for longer. Milliseconds. */
const longestWait = 1_000;

/**
 * Streams the changes of files' contents, each when nothing has changed for a moment, until the signal aborts. A file that
 * was saved without a change doesn't count.
 *
 * @param onReady called when the files were read first: from then on no change is missed
 */
export async function* watchSources(
  files: WatchedFiles,
  signal: AbortSignal,
  onReady: () => void = () => {},
): AsyncGenerator<SourceChange, void, void> {
  const notifier = createChangeNotifier();
  let seen = 0;
  using folders = createFolderWatch(() => {
    seen = Date.now();
    notifier.notify();
  });
  const take = async (): Promise<FilesSnapshot> => {
    const until = Date.now() + longestWait;
    while (Date.now() - seen < quietTime && Date.now() < until)
      await delay(quietTime, undefined, { signal }).catch(() => {});
    const snapshot = await files.take();
    await folders.watch(new Set(snapshot.folders));
    return snapshot;
  };
  let before: FilesSnapshot | undefined;
  for await (const now of pollForChanges(take, signal, notifier.next)) {
    const changed = before ? changedFiles(before, now) : [];
    if (!before) onReady();
    before = now;
    if (changed.length === 0) continue;
    const times = changed.map((path) => now.files[path]?.changed ?? seen);
    const saved = Math.min(Date.now(), Math.max(...times));
    yield { changed: changed.map(files.nameOf), saved };
  }
}
