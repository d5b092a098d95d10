import { useState } from "react";
import { stringify } from "yaml";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { parseStep } from "../../../shared/recipe/parse-step.ts";
import { sessionClient } from "../../client/api-client.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import "./step-editor.css";

interface StepEditorProps {
  readonly session: string;
  readonly index: number;
  readonly step: InstallStep;
  readonly onClose: () => void;
}

/** Changes an install step, as a line of the recipe, into which it is written. */
export function StepEditor({ session, index, step, onClose }: StepEditorProps) {
  const [text, setText] = useState(() => stringify(step, { collectionStyle: "flow", lineWidth: 0 }).trim());
  const [error, setError] = useState<ErrorData>();
  const [isBusy, setBusy] = useState(false);
  const parsed = parseStep(text);
  const save = async () => {
    if (!parsed.step) return;
    setBusy(true);
    try {
      await sessionClient(session).install.change({ index, step: parsed.step });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown).toJSON());
      setBusy(false);
    }
  };
  const obstacle = isBusy ? "In progress" : parsed.issues?.[0];
  return (
    <form
      className="install-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <TextField
        label={`Step ${index + 1}`}
        name="step"
        hint={'As in the recipe: {wait: "login:"}, {wait: {match: "[Ll]ogin:"}, timeout: 300}, {type: root}'}
        issue={parsed.issues?.[0]}
        value={text}
        autoFocus
        spellCheck={false}
        className="mono"
        onChange={setText}
      />
      <div className="card-actions">
        <Button look="primary" type="submit" disabledReason={obstacle}>
          Change step and recipe
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
      {error && <ErrorText error={error} />}
    </form>
  );
}
