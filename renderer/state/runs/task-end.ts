import { formatDuration } from "../../../shared/text/format.ts";
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

/**
 * The time from the moment that a run's task had started, or that its VM had come to it in another way, to its result. It is
 * the end of a sentence such as "The task succeeded"; empty if nobody knows it.
 */
export function describeTaskTime({
  run: { reported, toolsStarted, checkpoint },
  wentBack,
}: Pick<SessionLog, "run" | "wentBack">): string {
  if (!reported) return "";
  const since = (time: number) => formatDuration(reported.time - time);
  // The task's own time went back, too.
  if (wentBack !== undefined && wentBack <= reported.time)
    return `, ${since(wentBack)} after the VM went back to a checkpoint`;
  if (toolsStarted === undefined) return "";
  return checkpoint === undefined
    ? ` after ${since(toolsStarted)}`
    : `, ${since(toolsStarted)} after the VM continued from its checkpoint`;
}
