import { EyeOff, Pencil, RotateCcw, Trash2, Undo2 } from "lucide-react";
import { Fragment, useEffect, useRef, useState } from "react";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { describeStep } from "../../../shared/recipe/install-step.ts";
import {
  describeVerdict,
  type RecordedStep,
  type RecordingEdit,
  type StepWait,
} from "../../../shared/recorder/recorded-step.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { IconButton } from "../../ui/button.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { actsOf } from "./act-names.ts";
import { WaitEditor } from "./wait-editor.tsx";

interface RecordedRowProps {
  readonly session: string;
  readonly step: RecordedStep;
  readonly number: number;
  readonly canAct: boolean;
  /** Whether a person has picked its picture. */
  readonly isPicked: boolean;
}

/** A step of an installation by hand: its proposed wait with the verdict on it, what was done, and what a person can change. */
export function RecordedRow({ session, step, number, canAct, isPicked }: RecordedRowProps) {
  const [isEdited, setEdited] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isPicked) row.current?.scrollIntoView({ block: "nearest" });
  }, [isPicked]);
  const { id, wait, problem, verdict, secret, hidden, checkpoint, isRemoved, alternatives } = step;
  const change = (edit: RecordingEdit) => sessionClient(session).recording.change(edit);
  const isWait = (one: InstallStep) => one.wait !== undefined || one.screen !== undefined;
  const acts = describeActs(step.steps.filter((one) => !isWait(one)));
  const waits = step.steps.filter(isWait).map((one) => describeStep(one).text);
  // A recipe can't have each wait: it is shown all the same.
  const awaited = waits.length > 0 || wait === undefined ? waits : [textOf(wait)];
  const isSecret = secret !== undefined || hidden !== undefined;
  const reason = problem ?? (verdict && describeVerdict(verdict));
  return (
    <li
      ref={row}
      className="install-step"
      aria-current={isPicked || undefined}
      data-removed={isRemoved || undefined}
    >
      <StateMark {...markOf(step)} />
      <span className="install-number">{number}</span>
      <span className="install-what install-lines">
        <span>
          {awaited.length === 0 && <span className="install-kind">Waits for nothing </span>}
          {awaited.map((text, index) => (
            <Fragment key={index}>
              <span className="install-kind">{index === 0 ? "Waits for" : ", then for"} </span>
              <code>{text}</code>
            </Fragment>
          ))}
        </span>
        {verdict?.kind !== "ok" && reason !== undefined && <span className="install-doubt">{reason}</span>}
        {acts.map(({ kind, text }) => (
          <span key={kind + text}>
            <span className="install-kind">{actsOf[kind]} </span>
            <code>{text}</code>
          </span>
        ))}
      </span>
      <span className="step-time">{step.at.toFixed(1)} s</span>
      {canAct && (
        <span className="install-acts">
          {isSecret && (
            <IconButton
              icon={EyeOff}
              label={`Step ${number} types no secret`}
              onClick={() => perform({ run: () => change({ kind: "no-secret", step: id }) })}
            />
          )}
          <IconButton
            icon={Pencil}
            label={`Change the wait of step ${number}`}
            onClick={() => setEdited(!isEdited)}
          />
          <IconButton
            icon={RotateCcw}
            label={`Record again from step ${number}…`}
            disabledReason={checkpoint === undefined ? "it has no checkpoint any more" : undefined}
            onClick={() =>
              checkpoint !== undefined && openDialog({ name: "go-back", session, checkpoint, step: number })
            }
          />
          <IconButton
            icon={isRemoved ? Undo2 : Trash2}
            label={isRemoved ? `Keep step ${number}` : `Leave step ${number} out`}
            onClick={() => perform({ run: () => change({ kind: isRemoved ? "keep" : "remove", step: id }) })}
          />
        </span>
      )}
      {isEdited && (
        <WaitEditor
          session={session}
          number={number}
          wait={wait}
          alternatives={alternatives}
          onChange={(chosen) =>
            change({ kind: "wait", step: id, ...(chosen !== undefined && { wait: chosen }) })
          }
          onClose={() => setEdited(false)}
        />
      )}
    </li>
  );
}

/** The acts of a step, each with its kind; keys that were pressed one after another are in one line. */
function describeActs(acts: readonly InstallStep[]): ReturnType<typeof describeStep>[] {
  const lines: ReturnType<typeof describeStep>[] = [];
  for (const { kind, text } of acts.map(describeStep)) {
    const last = lines.at(-1);
    if (kind === "press" && last?.kind === kind) lines.splice(-1, 1, { kind, text: `${last.text} ${text}` });
    else lines.push({ kind, text });
  }
  return lines;
}

function textOf(wait: StepWait): string {
  return typeof wait === "string" ? wait : `/${wait.match}/`;
}

function markOf({ isRemoved, problem, verdict }: RecordedStep): {
  readonly state: StateName;
  readonly label: string;
} {
  if (isRemoved) return { state: "cancelled", label: "left out" };
  if (problem !== undefined) return { state: "warn", label: "to be checked" };
  if (verdict !== undefined && verdict.kind !== "ok") return { state: "bad", label: "wrong" };
  return { state: "good", label: "right in the recording" };
}
