import type { TaskResult } from "../../../shared/guest/guest-protocol.ts";
import type { Endpoint } from "../http/endpoint.ts";

/** The progress of the guest with its task, as its requests show. A guest that restarts asks for the task again. */
export interface TaskProgress {
  stage: "not-started" | "started" | "ended";
  /** The result that counts: the first one. */
  resolved: TaskResult | undefined;
}

/** An endpoint whose requests tell that the task has come to a stage. */
export function tellsStage(
  endpoint: Endpoint,
  progress: TaskProgress,
  stage: TaskProgress["stage"],
): Endpoint {
  return {
    ...endpoint,
    handle: (...request) => {
      progress.stage = stage;
      return endpoint.handle(...request);
    },
  };
}
