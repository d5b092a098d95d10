import { TextSelect } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { StepWait } from "../../../shared/recorder/recorded-step.ts";
import { perform } from "../../state/commands/commands.ts";
import { selectedText } from "../../state/install/selected-text.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import "./step-editor.css";

interface WaitEditorProps {
  readonly session: string;
  readonly number: number;
  readonly wait: StepWait | undefined;
  readonly alternatives: readonly StepWait[];
  /** Takes the new wait; undefined for none. */
  readonly onChange: (wait: StepWait | undefined) => Promise<void>;
  readonly onClose: () => void;
}

/** Of a selected text, on a button. */
const shownCharacters = 40;

/** A wait is for a part of one line. */
function firstLine(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? "";
}

/** Changes the text that a recorded step waits for: one that Tinsmith has found too, or another. */
export function WaitEditor({ session, number, wait, alternatives, onChange, onClose }: WaitEditorProps) {
  const [text, setText] = useState(() => (typeof wait === "object" ? wait.match : (wait ?? "")));
  const [isPattern, setPattern] = useState(typeof wait === "object");
  const selected = useStore(selectedText(session), ({ text }) => firstLine(text));
  const all = [...(wait === undefined ? [] : [wait]), ...alternatives];
  const take = (chosen: StepWait) => {
    setText(typeof chosen === "string" ? chosen : chosen.match);
    setPattern(typeof chosen === "object");
  };
  const save = () => {
    const chosen = text === "" ? undefined : isPattern ? { match: text } : text;
    perform({ run: () => onChange(chosen) });
    onClose();
  };
  return (
    <form
      className="install-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <TextField
        label={`Step ${number} waits for`}
        hint="You can select it on the serial console or in the screen's text. Empty: it waits for nothing."
        value={text}
        autoFocus
        spellCheck={false}
        className="mono"
        onChange={setText}
      />
      {selected !== "" && (
        <Button icon={TextSelect} onClick={() => take(selected)}>
          Take the selected text “
          {selected.length > shownCharacters ? `${selected.slice(0, shownCharacters)}…` : selected}”
        </Button>
      )}
      <label className="choice">
        <input type="checkbox" checked={isPattern} onChange={({ target }) => setPattern(target.checked)} />
        It is a regular expression
      </label>
      {all.length > 1 && (
        <Field label="Texts that were new before it">
          {(control) => (
            <select {...control} value="" onChange={({ target }) => take(all[Number(target.value)] ?? "")}>
              <option value="" disabled>
                Choose one
              </option>
              {all.map((one, index) => (
                <option key={JSON.stringify(one)} value={index}>
                  {typeof one === "string" ? one : `/${one.match}/`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <div className="card-actions">
        <Button look="primary" type="submit">
          Change the wait
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
