import type { ActionQueue } from "./action-queue.ts";
import type { ActionOptions } from "./guest-actions.ts";
import { requirePost } from "./reply-body.ts";

/** See `GuestActions.killProcess`. */
export async function killProcess(queue: ActionQueue, { signal }: ActionOptions = {}): Promise<void> {
  await queue.perform({
    request: { type: "kill-process" },
    signal,
    receive: async (reply) => requirePost(reply),
  });
}
