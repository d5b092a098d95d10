import { useId, useState } from "react";
import { machineSchema } from "../../../../shared/machine/machine-schema.ts";
import type { MachineField } from "./machine-fields.ts";

interface FormFieldProps {
  readonly field: MachineField;
  /** The value in the text; undefined when there is none, and the default holds. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** One key of the definition: its name, its value, and the value's problem. */
export function FormField({ field, value, onChange }: FormFieldProps) {
  const id = useId();
  const { error } = machineSchema.shape[field.key].safeParse(value);
  // The values are in the list itself, and in the list of issues.
  const problem = error && (field.options ? "must be one of the choices" : error.issues[0]?.message);
  const properties = {
    id,
    "aria-invalid": problem !== undefined,
    "aria-describedby": problem === undefined ? undefined : `${id}-problem`,
  };
  return (
    <div className="machine-field" title={field.help}>
      <label htmlFor={id}>{field.label}</label>
      {field.options ? (
        <Choice {...properties} field={field} value={value} onChange={onChange} />
      ) : (
        <Text {...properties} field={field} value={value} onChange={onChange} />
      )}
      {problem && (
        <p id={`${id}-problem`} className="machine-field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}

function Choice({ field, value, onChange, ...properties }: FormFieldProps & { readonly id: string }) {
  const { options = [], usual } = field;
  const isKnown = value === undefined || options.some((option) => option === value);
  return (
    <select
      {...properties}
      data-usual={value === undefined || undefined}
      value={value === undefined ? "" : String(value)}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{usual} (default)</option>
      {!isKnown && <option value={String(value)}>{shown(value)}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

/** Input goes into the text with Return, or when the field is left. Escape discards it. */
function Text({ field, value, onChange, ...properties }: FormFieldProps & { readonly id: string }) {
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    if (draft !== undefined && draft !== shown(value)) onChange(fieldValue(field, draft));
    setDraft(undefined);
  };
  return (
    <input
      {...properties}
      className={field.isNumber ? undefined : "mono"}
      inputMode={field.isNumber ? "numeric" : undefined}
      data-draft={draft}
      value={draft ?? shown(value)}
      placeholder={field.usual ?? "by the host"}
      autoComplete="off"
      spellCheck={false}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={commit}
      onKeyDown={({ key, ctrlKey }) => {
        if (key === "Enter" || (ctrlKey && key === "s")) commit();
        if (key === "Escape") setDraft(undefined);
      }}
    />
  );
}

/** An empty field means the default; an invalid number is written as typed, and reported as an issue. */
function fieldValue({ isNumber }: MachineField, typed: string): unknown {
  const text = typed.trim();
  if (text === "") return undefined;
  return isNumber && /^\d+$/.test(text) ? Number(text) : text;
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
