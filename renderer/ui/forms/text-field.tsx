import type { ComponentProps } from "react";
import { Field, type FieldProps } from "./field.tsx";

interface TextFieldProps
  extends Pick<FieldProps, "label" | "name" | "hint" | "issue" | "isFilled">,
    Omit<ComponentProps<"input">, "value" | "onChange" | "id" | "name"> {
  readonly value: string | number;
  readonly onChange: (value: string) => void;
  /** Has the dialog that it is in give it the focus. */
  readonly "data-focus-first"?: boolean | undefined;
  /** Takes lines of code, of which this many are visible. */
  readonly rows?: number;
}

/** A field for text. */
export function TextField({
  label,
  name,
  hint,
  issue,
  isFilled,
  value,
  onChange,
  rows,
  ...input
}: TextFieldProps) {
  const field = { label, name, hint, issue, isFilled: isFilled ?? value !== "" };
  const change = ({ target }: { readonly target: { readonly value: string } }) => onChange(target.value);
  return (
    <Field {...field}>
      {(properties) =>
        rows === undefined ? (
          <input {...input} {...properties} value={value} autoComplete="off" onChange={change} />
        ) : (
          <textarea
            {...properties}
            className="mono"
            data-focus-first={input["data-focus-first"]}
            rows={rows}
            spellCheck={false}
            value={value}
            onChange={change}
          />
        )
      }
    </Field>
  );
}
