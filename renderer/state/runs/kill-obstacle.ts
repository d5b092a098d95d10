import type { RunState } from "../../../shared/session/run.ts";

/** The reason why a run's task can't be killed any more; undefined while it can. */
export function killObstacle({ reported, outcome }: RunState): string | undefined {
  return reported || outcome.status !== "running" ? "The task has ended" : undefined;
}
