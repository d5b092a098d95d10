import { redo, undo } from "@codemirror/commands";
import type { EditorView } from "@codemirror/view";
import { type KeyboardEvent, useMemo } from "react";
import { Button } from "../../../ui/button.tsx";
import { makeEdits } from "../code-editor.ts";
import { FormField } from "./form-field.tsx";
import { readObject, removeKey, setKey, valueAt } from "./json-edit.ts";
import { versionOf } from "./machine-definition.ts";
import { type MachineKey, machineForm, machineKeys } from "./machine-fields.ts";
import "./machine-form.css";

interface MachineFormProps {
  readonly text: string;
  readonly view: EditorView;
  readonly startMigration: (() => void) | undefined;
}

/** The definition as a form: it shows the values of the text, and a choice in it changes that part of the text. */
export function MachineForm({ text, view, startMigration }: MachineFormProps) {
  const object = useMemo(() => readObject(text), [text]);
  const isOld = versionOf(text) === 0;
  const change = (key: MachineKey, value: unknown) => {
    const now = view.state.doc.toString();
    const current = readObject(now);
    const edit =
      current &&
      (value === undefined ? removeKey(current, key) : setKey(now, current, key, value, machineKeys));
    if (edit) makeEdits(view, [edit]);
  };
  return (
    <form
      className="machine-form"
      aria-label="Form"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => undoFromForm(event, view)}
    >
      {isOld || !object ? (
        <div className="machine-form-note">
          <p>
            {isOld
              ? "The form is for definitions of version 1."
              : "The text is not valid JSON. Correct it to see the form."}
          </p>
          {startMigration && <Button onClick={startMigration}>Migrate to version 1…</Button>}
        </div>
      ) : (
        machineForm.map(({ title, fields }) => (
          <fieldset key={title}>
            <legend>{title}</legend>
            {fields.map((field) => (
              <FormField
                key={field.key}
                field={field}
                value={valueAt(object, field.key)}
                onChange={(value) => change(field.key, value)}
              />
            ))}
          </fieldset>
        ))
      )}
    </form>
  );
}

/** Undo and redo are the text's, wherever a change was made; a field that is being written in has its own. */
function undoFromForm(event: KeyboardEvent, view: EditorView): void {
  if (!event.ctrlKey) return;
  if (event.target instanceof HTMLElement && event.target.dataset.draft !== undefined) return;
  const key = event.key.toLowerCase();
  if (key === "y" || (key === "z" && event.shiftKey)) redo(view);
  else if (key === "z") undo(view);
  else return;
  event.preventDefault();
}
