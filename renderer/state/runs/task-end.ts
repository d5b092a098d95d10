import { itemsOf } from "../log/long-list.ts";
import type { SessionLog } from "../sessions/session-log.ts";

/** Whether a run's task failed after a person, and not a scenario, had asked the guest tools to kill it. */
export function wasTaskKilled({ run: { reported, request }, actions }: SessionLog): boolean {
  if (request?.scenario || reported?.result !== "failed") return false;
  return itemsOf(actions).some(
    ({ request, requested, error }) =>
      request.type === "kill-process" && requested <= reported.time && error === undefined,
  );
}
