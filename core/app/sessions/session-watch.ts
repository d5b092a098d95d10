import { createChangeNotifier } from "../../async/change-notifier.ts";
import { createFolderWatch } from "../../files/folder-watch.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import type { SessionList } from "./session-list.ts";

/** A list of sessions that also tells when other processes begin, end or delete one. */
export interface SessionWatch extends Disposable {
  /** Lists all sessions, and watches the folders of those that run from then on. */
  readonly list: SessionList;
  /**
   * Settles soon after a session has probably begun, ended, or was deleted, or when the signal aborts. A killed session
   * changes nothing on disk: callers must also look by themselves now and then.
   */
  changed(signal: AbortSignal): Promise<void>;
}

/** The time for which changes are gathered: a session makes and removes several files at once. Milliseconds. */
const gathering = 100;

export function createSessionWatch(paths: Paths, list: SessionList): SessionWatch {
  const changes = createChangeNotifier();
  let timer: NodeJS.Timeout | undefined;
  // Their logs grow all the time.
  const watch = createFolderWatch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changes.notify();
    }, gathering).unref();
  }, "entries");
  return {
    list: async () => {
      const sessions = await list();
      const running = sessions.filter(({ status }) => status === "running");
      await watch.watch(
        new Set([paths.sessions, ...running.map(({ id }) => sessionPaths(paths, id).folder)]),
      );
      return sessions;
    },
    changed: changes.next,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      watch[Symbol.dispose]();
    },
  };
}
