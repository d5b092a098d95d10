import type { Endpoint } from "../http/endpoint.ts";

/** The progress of the guest with its task, as its requests show. A guest that restarts asks for the task again. */
export interface TaskProgress {
  stage: "not-started" | "started" | "ended";
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
