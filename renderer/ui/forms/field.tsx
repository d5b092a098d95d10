import { type ReactNode, use, useEffect, useId, useRef, useState } from "react";
import { type FieldCheck, FormContext, type Refusal, typingPause } from "./form.ts";
import "./field.css";

/** The properties for a field's control. */
export interface ControlProperties {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

export interface FieldProps {
  readonly label: string;
  /** The engine's name for the field, in the call that the form makes: errors about it are shown here. */
  readonly name?: string | undefined;
  /** The meaning of the value. */
  readonly hint?: string | undefined;
  /**
   * The problem of the value: shown in the hint's place after a pause in typing, or when a person submits the form.
   */
  readonly issue?: string | undefined;
  /** Its value is not the person's, or was there before: its problem is shown at once. */
  readonly isFilled?: boolean;
  /** Whether the value will do, where finding that out takes time; else that is so when there is no issue. */
  readonly check?: FieldCheck;
  readonly children: (properties: ControlProperties) => ReactNode;
}

/** A form's line: its label, its control, and its hint or issue. */
export function Field({ label, name, hint, issue, isFilled = false, check, children }: FieldProps) {
  const id = useId();
  const form = use(FormContext);
  const refusal = useRefusal(name, id);
  const [isSettled, settleAfterPause] = useSettled(isFilled);
  useEffect(() => form?.addCheck(check ?? (() => issue === undefined)));
  const shownIssue = isSettled || form?.isAttempted === true ? issue : undefined;
  const wrong = shownIssue ?? refusal;
  const isWrong = wrong !== undefined;
  const text = wrong ?? hint;
  return (
    <div className="field" data-wrong={isWrong || undefined} onInput={settleAfterPause}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(text && { "aria-describedby": `${id}-hint` }),
        ...(isWrong && { "aria-invalid": true }),
      })}
      {text && (
        <p key={text} id={`${id}-hint`} className="field-hint" role={isWrong ? "alert" : undefined}>
          {text}
        </p>
      )}
    </div>
  );
}

/** The engine's refusal of a field, until its value changes. */
function useRefusal(name: string | undefined, id: string): string | undefined {
  const form = use(FormContext);
  const refused = useRef<{ readonly refusal: Refusal; readonly value: string }>(undefined);
  const addName = form?.addName;
  useEffect(() => (name === undefined ? undefined : addName?.(name)), [addName, name]);
  const refusal = form?.refusal?.field === name ? form?.refusal : undefined;
  useEffect(() => {
    if (!refusal) return;
    // However it is changed: typed, chosen, or by a dialog of the system's.
    const { value } = document.getElementById(id) as HTMLInputElement;
    if (refused.current?.refusal !== refusal) refused.current = { refusal, value };
    else if (refused.current.value !== value) form?.forgetRefusal();
  });
  return refusal?.text;
}

/** Whether a person has typed something and then paused, once. */
function useSettled(isFilled: boolean): readonly [boolean, () => void] {
  const [isSettled, setSettled] = useState(isFilled);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settleAfterPause = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSettled(true), typingPause);
  };
  return [isSettled, settleAfterPause];
}
