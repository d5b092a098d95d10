import type { PathKind } from "../../../shared/app/path-kind.ts";
import { usePathCheck } from "../../state/forms/use-path-check.ts";
import { Field } from "./field.tsx";
import { PathInput } from "./path-input.tsx";

interface PathFieldProps {
  readonly label: string;
  /** The engine's name for the field, in the call that the form makes. */
  readonly name: string;
  readonly hint: string;
  /** The kinds of paths that are accepted. */
  readonly wanted: readonly PathKind[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for a path on the host, which the engine checks as it is typed. */
export function PathField({ label, name, hint, wanted, value, onChange }: PathFieldProps) {
  const { issue, check } = usePathCheck(value, wanted);
  return (
    <Field label={label} name={name} hint={hint} issue={issue} isFilled={value !== ""} check={check}>
      {(properties) => <PathInput {...properties} wanted={wanted} value={value} onChange={onChange} />}
    </Field>
  );
}
