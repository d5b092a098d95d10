import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { app } from "../../client/api-client.ts";
import { library } from "../../state/connection/app-state.ts";
import { fileName } from "../../state/files/file-name.ts";
import { scenarioFileIssue, scenarioFileName } from "../../state/files/scenario-file-name.ts";
import { sayError } from "../../state/messages/notices.ts";
import { saveScenario, setForScenario } from "../../state/runs/save-scenario.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import "./save-scenario-dialog.css";

interface SaveScenarioDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Saves a session as a scenario of an image set: asks for its name and file, and shows what can't be a part of it. */
export function SaveScenarioDialog({ session, onClose }: SaveScenarioDialogProps) {
  const sets = useStore(library, ({ value }) => value?.sets) ?? [];
  const [chosen, choose] = useState(() => setForScenario(findSession(session), sets)?.folder);
  const [name, setName] = useState(`As in session ${session}`);
  const [file, setFile] = useState<string>();
  const leftOut = useLeftOut(session, onClose);
  const set = sets.find(({ folder }) => folder === chosen);
  const taken = set?.scenarios.map(fileName) ?? [];
  const target = file ?? scenarioFileName(name, taken);
  return (
    <FormDialog
      title="Save the session as a scenario"
      description="A scenario runs the same task with the session's rules and actions, and compares the result."
      action="Save scenario"
      obstacle={
        set
          ? leftOut === undefined
            ? "Tinsmith is reading the session"
            : undefined
          : "No image set is chosen"
      }
      onSubmit={async () => {
        if (set) await saveScenario(session, name, `${set.folder}/scenarios/${target}`);
      }}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="A sentence about what must happen."
        issue={/^[^\p{Cc}]*\S[^\p{Cc}]*$/u.test(name) ? undefined : "Enter a name."}
        maxLength={200}
        data-focus-first
        value={name}
        onChange={setName}
      />
      <Field label="Image set">
        {(control) => (
          <select
            {...control}
            className="text-input"
            value={chosen}
            onChange={({ target: { value } }) => choose(value)}
          >
            {sets.map(({ folder, name: title }) => (
              <option key={folder} value={folder}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField
        label="File"
        hint={set && `In ${set.folder}/scenarios`}
        issue={scenarioFileIssue(target, taken)}
        value={target}
        onChange={setFile}
      />
      {leftOut && <LeftOut parts={leftOut} />}
    </FormDialog>
  );
}

/** The parts of the session that its scenario can't have. */
function LeftOut({ parts }: { readonly parts: readonly string[] }) {
  if (parts.length === 0) return <p className="scenario-left-out">The scenario has the whole session.</p>;
  return (
    <section className="scenario-left-out" aria-label="Left out">
      <h3>Not in the scenario</h3>
      <ul>
        {parts.map((part) => (
          <li key={part}>{stripControls(part)}</li>
        ))}
      </ul>
    </section>
  );
}

/** Reads what a scenario of the session leaves out; undefined before that. */
function useLeftOut(session: string, onClose: () => void): readonly string[] | undefined {
  const [leftOut, setLeftOut] = useState<readonly string[]>();
  useEffect(() => {
    app()
      .sessions.scenario({ session })
      .then(
        (saved) => setLeftOut(saved.leftOut),
        (error) => {
          sayError(error);
          onClose();
        },
      );
  }, [session, onClose]);
  return leftOut;
}
