import { type BuildState, buildSteps, type StepState } from "../../../shared/build.ts";
import { formatDuration } from "../../../shared/format.ts";
import { library } from "../../state/app-state.ts";
import { estimate } from "../../state/estimate.ts";
import { useStore } from "../../state/store.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { elapsed } from "./elapsed.ts";

interface StepListProps {
  readonly build: BuildState;
  readonly now: number;
}

/** The steps, each with its time; the one under way has a bar, and those ahead say how long they took the last time. */
export function StepList({ build, now }: StepListProps) {
  const sets = useStore(library, (state) => state.value?.sets);
  const isWorking = build.outcome.status === "running" && !build.kept;
  const ahead = isWorking ? (estimate(build, sets ?? [], now)?.ahead ?? []) : [];
  return (
    <ol className="steps" aria-label="Steps">
      {build.steps.map((step, index) => (
        <StepItem
          key={`${step.step} ${step.started}`}
          step={step}
          state={stateOf(step, isWorking, index === build.steps.length - 1)}
          end={endOf(build, index, now)}
        />
      ))}
      {ahead.map(([step, milliseconds]) => (
        <li key={step} className="step step-ahead">
          <StateMark state="none" label="to come" />
          <span>{buildSteps[step]}</span>
          <span className="step-time">about {formatDuration(milliseconds)}</span>
        </li>
      ))}
    </ol>
  );
}

/** A step that was not finished and is not the last one was given up, and done once more. */
function stateOf(step: StepState, isWorking: boolean, isLast: boolean): StateName {
  if (step.finished !== undefined) return "good";
  return isWorking && isLast ? "busy" : "bad";
}

function endOf({ steps, outcome, kept }: BuildState, index: number, now: number): number {
  const next = steps[index + 1]?.started;
  const last = outcome.status === "running" ? (kept?.since ?? now) : outcome.finished;
  return steps[index]?.finished ?? next ?? last;
}

interface StepItemProps {
  readonly step: StepState;
  readonly state: StateName;
  readonly end: number;
}

const labels: Partial<Record<StateName, string>> = { good: "done", busy: "under way", bad: "failed" };

function StepItem({ step, state, end }: StepItemProps) {
  return (
    <li className="step" aria-current={state === "busy" ? "step" : undefined}>
      <StateMark state={state} label={labels[state] ?? ""} />
      <span>{buildSteps[step.step]}</span>
      <span className="step-time">{step.isReused ? "reused" : elapsed(step.started, end)}</span>
      {state === "busy" && step.fraction !== undefined && (
        <ProgressBar label={buildSteps[step.step]} fraction={step.fraction} />
      )}
    </li>
  );
}
