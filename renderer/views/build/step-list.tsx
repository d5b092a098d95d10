import { type BuildState, buildSteps, type StepState } from "../../../shared/build.ts";
import { formatDuration } from "../../../shared/format.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { useNow } from "../../ui/use-now.ts";

/** The steps that have begun, each with its time; the one under way has a bar. */
export function StepList({ build }: { readonly build: BuildState }) {
  const isRunning = build.outcome.status === "running";
  const now = useNow(isRunning);
  return (
    <ol className="steps" aria-label="Steps">
      {build.steps.map((step) => (
        <StepItem key={`${step.step} ${step.started}`} step={step} now={now} outcome={build.outcome} />
      ))}
    </ol>
  );
}

interface StepItemProps {
  readonly step: StepState;
  readonly now: number;
  readonly outcome: BuildState["outcome"];
}

function StepItem({ step, now, outcome }: StepItemProps) {
  const isDone = step.finished !== undefined;
  const end = step.finished ?? (outcome.status === "running" ? now : outcome.finished);
  const { state, label }: { state: StateName; label: string } = isDone
    ? { state: "good", label: "done" }
    : outcome.status === "failed"
      ? { state: "bad", label: "failed" }
      : { state: "busy", label: "under way" };
  return (
    <li className="step" aria-current={state === "busy" ? "step" : undefined}>
      <StateMark state={state} label={label} />
      <span>{buildSteps[step.step]}</span>
      <span className="step-time">{formatDuration(end - step.started)}</span>
      {state === "busy" && <ProgressBar label={buildSteps[step.step]} fraction={step.fraction} />}
    </li>
  );
}
