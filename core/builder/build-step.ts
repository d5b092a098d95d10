import type { BuildEvent, BuildStep } from "../../shared/session/build.ts";
import type { Report } from "../session-record/report.ts";

export type BuildReport = Report<BuildEvent>;

/** Tells how far a step is; only about ten a second are handed on. */
type Progress = (done: number, total: number) => void;

const progressMilliseconds = 100;

/** Does the work of a step between the reports of its start and its end. */
export async function performStep<Result>(
  report: BuildReport,
  step: BuildStep,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  report({ type: "step-started", step });
  let last = 0;
  const result = await work((done, total) => {
    const now = Date.now();
    if (now - last < progressMilliseconds && done < total) return;
    last = now;
    report({ type: "step-progress", step, done, total });
  });
  report({ type: "step-finished", step });
  return result;
}
