import { itemsOf } from "../log/long-list.ts";
import type { SessionLog } from "../sessions/session-log.ts";

/** Whether a run's task failed after a person had asked the guest tools to kill it. */
export function wasTaskKilled({ run: { reported }, actions }: SessionLog): boolean {
  if (reported?.result !== "failed") return false;
  return itemsOf(actions).some(
    ({ request, requested, error }) =>
      request.type === "kill-process" && requested <= reported.time && error === undefined,
  );
}
