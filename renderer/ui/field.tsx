import { type ReactNode, useId } from "react";
import "./field.css";

interface FieldProps {
  readonly label: string;
  /** What the value means, or what is wrong with it. */
  readonly hint?: string | undefined;
  readonly isWrong?: boolean;
  readonly children: (properties: { id: string; "aria-describedby"?: string }) => ReactNode;
}

/** A form's line: its label, its control, and what to know about it. */
export function Field({ label, hint, isWrong = false, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field" data-wrong={isWrong || undefined}>
      <label htmlFor={id}>{label}</label>
      {children(hint ? { id, "aria-describedby": `${id}-hint` } : { id })}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
