import type { ActionQueue } from "./action-queue.ts";
import { getArtifact } from "./get-artifact.ts";
import type { GuestActions } from "./guest-actions.ts";
import { openShell } from "./guest-shell.ts";
import { killProcess } from "./kill-process.ts";
import type { MetaLimits } from "./limits.ts";
import { listFolder } from "./list-folder.ts";
import type { TaskProgress } from "./task-progress.ts";

/** The actions of one guest, whose task is at `progress`. `settled` waits until all of them, and what they cleared up, are done. */
export function createGuestActions(
  queue: ActionQueue,
  limits: MetaLimits,
  progress: Readonly<TaskProgress>,
): { readonly actions: GuestActions; settled(): Promise<void> } {
  const open = new Set<Promise<unknown>>();
  const track = <T>(action: Promise<T>): Promise<T> => {
    const done = action.then(
      () => void open.delete(done),
      () => void open.delete(done),
    );
    open.add(done);
    return action;
  };
  return {
    actions: {
      listFolder: (path, options) => track(listFolder(queue, limits, path, options)),
      getArtifact: (path, target, options) => track(getArtifact(queue, limits, path, target, options)),
      killProcess: (options) => track(killProcess(queue, progress, options)),
      openShell: (request, options) => track(openShell(queue, limits, request, options)),
    },
    settled: async () => void (await Promise.all(open)),
  };
}
