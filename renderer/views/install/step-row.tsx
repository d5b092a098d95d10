import { Pencil, SkipForward } from "lucide-react";
import { useEffect, useRef } from "react";
import type { InstallStepState } from "../../../shared/recipe/install-state.ts";
import { describeStep, isWait } from "../../../shared/recipe/install-step.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { IconButton } from "../../ui/button.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { elapsed } from "../build/elapsed.ts";
import { actsOf } from "./act-names.ts";
import { StepEditor } from "./step-editor.tsx";

interface StepRowProps {
  readonly session: string;
  readonly index: number;
  readonly state: InstallStepState;
  /** Whether it is being done, or is the next one. */
  readonly isNext: boolean;
  readonly isPaused: boolean;
  readonly canAct: boolean;
  readonly isEdited: boolean;
  readonly onEdit: (isEdited: boolean) => void;
  readonly now: number;
}

/** One install step. */
export function StepRow(props: StepRowProps) {
  const { session, index, state, isNext, isPaused, canAct, isEdited, onEdit, now } = props;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isNext) row.current?.scrollIntoView({ block: "nearest" });
  }, [isNext]);
  const { step, started, finished, found } = state;
  const { kind, text } = describeStep(step);
  const number = index + 1;
  const isShownFound = found !== undefined && found !== text;
  return (
    <li ref={row} aria-current={isNext ? "step" : undefined} className="install-step">
      <StateMark {...markOf(state, { isNext, isPaused })} />
      <span className="install-number">{number}</span>
      <span className="install-what">
        <span className="install-kind">{actsOf[kind]}</span>
        {text !== "" && <code>{text}</code>}
        {isShownFound && <span className="install-found">found {JSON.stringify(found)}</span>}
      </span>
      <span className="step-time">{started !== undefined && elapsed(started, finished ?? now)}</span>
      {canAct && (
        <span className="install-acts">
          <IconButton
            icon={SkipForward}
            label={`Run from step ${number}`}
            onClick={() => perform({ run: () => sessionClient(session).install.runFrom({ index }) })}
          />
          <IconButton
            icon={Pencil}
            label={`Change step ${number}`}
            disabledReason={isBeingTyped(state, isNext && !isPaused) ? "it is being done" : undefined}
            onClick={() => onEdit(!isEdited)}
          />
        </span>
      )}
      {isEdited && <StepEditor {...{ session, index, step }} onClose={() => onEdit(false)} />}
    </li>
  );
}

/** A wait can be changed while it waits, all else only before or after it is done. */
function isBeingTyped({ step, started, finished }: InstallStepState, isCurrent: boolean): boolean {
  return isCurrent && started !== undefined && finished === undefined && !isWait(step);
}

function markOf(
  { error, started, finished }: InstallStepState,
  { isNext, isPaused }: { readonly isNext: boolean; readonly isPaused: boolean },
): { readonly state: StateName; readonly label: string } {
  if (error) return { state: "bad", label: "failed" };
  if (finished !== undefined) return { state: "good", label: "done" };
  if (isNext) return isPaused ? { state: "warn", label: "paused" } : { state: "busy", label: "being done" };
  return { state: "none", label: started === undefined ? "to come" : "not done" };
}
