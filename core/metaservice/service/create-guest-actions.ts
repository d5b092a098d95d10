import type { ActionQueue } from "../actions/action-queue.ts";
import { getArtifact } from "../actions/get-artifact.ts";
import type { GuestActions } from "../actions/guest-actions.ts";
import { killProcess } from "../actions/kill-process.ts";
import { listFolder } from "../actions/list-folder.ts";
import { performComposed } from "../actions/perform-composed.ts";
import type { TaskProgress } from "../actions/task-progress.ts";
import type { MetaLimits } from "../limits.ts";
import { openShell } from "../shell/guest-shell.ts";

/** The actions of one guest, whose task is at `progress`, and whose requests `repeat` sends again. `settled` waits until all of them, and what they cleared up, are done. */
export function createGuestActions(
  queue: ActionQueue,
  limits: MetaLimits,
  progress: Readonly<TaskProgress>,
  repeat: GuestActions["repeatRequest"],
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
      performComposed: (text, options) => track(performComposed(queue, limits, text, options)),
      repeatRequest: (request, options) => track(repeat(request, options)),
      openShell: (request, options) => track(openShell(queue, limits, request, options)),
    },
    settled: async () => void (await Promise.all(open)),
  };
}
