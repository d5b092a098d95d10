import { AppError } from "../../../shared/errors/errors.ts";
import type { KillOutcome } from "../../../shared/guest/guest-action.ts";
import type { ActionQueue } from "./action-queue.ts";
import type { ActionOptions } from "./guest-actions.ts";
import { requirePost } from "./reply-body.ts";
import type { TaskProgress } from "./task-progress.ts";

/** See `GuestActions.killProcess`. */
export async function killProcess(
  queue: ActionQueue,
  progress: Readonly<TaskProgress>,
  { signal }: ActionOptions = {},
): Promise<KillOutcome> {
  if (progress.stage === "ended") throw taskHasEnded();
  await queue.perform({
    request: { type: "kill-process" },
    signal,
    receive: async (reply) => requirePost(reply),
  });
  return { taskHasStarted: progress.stage !== "not-started" };
}

function taskHasEnded(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the task has ended already: nothing was killed",
    advice: "To end other processes in the guest, use tinsmith shell.",
  });
}
