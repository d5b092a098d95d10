import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { type BuildState, buildSteps, type StepState } from "../../../shared/session/build.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { estimate } from "../../state/builds/estimate.ts";
import { library } from "../../state/connection/app-state.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { elapsed } from "./elapsed.ts";
import { type StepMark, stepMark } from "./step-mark.ts";
import "./step-list.css";

interface StepListProps {
  readonly build: BuildState;
  /** Whether the build still has something to do. */
  readonly isWorking: boolean;
  readonly now: number;
  /** Whether there is room for one line only, which unfolds to the list. */
  readonly isFolded: boolean;
  /** The index of the step whose lines are visible. */
  readonly shown: number | undefined;
  /** The index of the step that a person has picked: the log marks its lines. */
  readonly picked: number | undefined;
  /** Shows a step's lines in the log. */
  readonly onShow: (index: number) => void;
}

/** The steps, each with its time; the one under way has a bar, and those ahead say how long they took the last time. */
export function StepList({ build, isWorking, now, isFolded, shown, picked, onShow }: StepListProps) {
  const sets = useStore(library, (state) => state.value?.sets);
  const [isOpen, setOpen] = useState(false);
  const ahead = isWorking ? (estimate(build, sets ?? [], now)?.ahead ?? []) : [];
  const items = build.steps.map((step, index) => ({
    ...{ step, index },
    mark: stepMark(build, index, isWorking),
    end: endOf(build, index, now),
  }));
  const last = items.at(-1);
  const show = (index: number) => {
    setOpen(false);
    onShow(index);
  };
  return (
    <div className="steps-box">
      {isFolded && last && (
        <button
          type="button"
          className="step step-button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <StateMark {...last.mark} />
          <span>
            {buildSteps[last.step.step]}
            <span className="step-count">
              step {items.length} of {items.length + ahead.length}
            </span>
          </span>
          <span className="step-time">
            {timeOf(last.step, last.end)}
            {isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
          </span>
        </button>
      )}
      {(!isFolded || isOpen) && (
        <ol className="steps" aria-label="Steps">
          {items.map((item) => (
            <StepItem
              key={`${item.step.step} ${item.step.started}`}
              {...item}
              isShown={item.index === shown}
              isPicked={item.index === picked}
              onShow={show}
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
      )}
    </div>
  );
}

function endOf({ steps, outcome, kept }: BuildState, index: number, now: number): number {
  const next = steps[index + 1]?.started;
  const last = outcome.status === "running" ? (kept?.since ?? now) : outcome.finished;
  return steps[index]?.finished ?? next ?? last;
}

function timeOf({ started, isReused }: StepState, end: number): string {
  return isReused ? "reused" : elapsed(started, end);
}

interface StepItemProps {
  readonly step: StepState;
  readonly index: number;
  readonly mark: StepMark;
  readonly end: number;
  readonly isShown: boolean;
  readonly isPicked: boolean;
  readonly onShow: (index: number) => void;
}

function StepItem({ step, index, mark, end, isShown, isPicked, onShow }: StepItemProps) {
  const isBusy = mark.state === "busy";
  return (
    <li aria-current={isBusy ? "step" : undefined} data-state={mark.state}>
      <button
        type="button"
        className="step step-button"
        title="Show its lines in the log"
        aria-pressed={isPicked}
        data-shown={isShown || undefined}
        onClick={() => onShow(index)}
      >
        <StateMark {...mark} />
        <span>{buildSteps[step.step]}</span>
        <span className="step-time">{timeOf(step, end)}</span>
      </button>
      {isBusy && step.fraction !== undefined && (
        <ProgressBar label={buildSteps[step.step]} fraction={step.fraction} />
      )}
    </li>
  );
}
