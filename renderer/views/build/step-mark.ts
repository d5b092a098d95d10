import type { BuildState, StepState } from "../../../shared/session/build.ts";
import type { StateName } from "../../ui/state-mark.tsx";

/** The state of a step. */
export interface StepMark {
  readonly state: StateName;
  readonly label: string;
}

const marks = {
  done: { state: "good", label: "done" },
  busy: { state: "busy", label: "under way" },
  failed: { state: "bad", label: "failed" },
  cancelled: { state: "cancelled", label: "cancelled" },
  brokenOff: { state: "warn", label: "interrupted" },
  /** It was cancelled, and a later step of the same name did its work once more. */
  again: { state: "cancelled", label: "started again" },
} as const satisfies Record<string, StepMark>;

/** @param isWorking whether the build still has something to do */
export function stepMark(build: BuildState, index: number, isWorking: boolean): StepMark {
  const step: StepState | undefined = build.steps[index];
  if (step?.finished !== undefined) return marks.done;
  if (index < build.steps.length - 1) return marks.again;
  return isWorking ? marks.busy : markOfEnd(build);
}

/** The mark of the step that was under way when a build ended. */
function markOfEnd({ outcome, kept }: BuildState): StepMark {
  if (outcome.status === "cancelled") return marks.cancelled;
  return outcome.status === "failed" || kept ? marks.failed : marks.brokenOff;
}
