import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { fileName } from "../../state/files/file-name.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { askToNotify } from "../../state/watch/notify-verdicts.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { TrustWarning } from "../trust/trust-warning.tsx";
import { useArchiveTrust } from "../trust/use-archive-trust.ts";

interface WatchDialogProps {
  readonly set: ImageSet;
  readonly onClose: () => void;
}

/** The values of the choices that are not a scenario: no file has one of them as its path. */
const [commandCheck, emptyCheck, allScenarios] = ["command", "empty", "all"];

/** Asks for the check of each round, and starts a watch. */
export function WatchDialog({ set, onClose }: WatchDialogProps) {
  const { folder, name, scenarios, setup } = set;
  // Without a setup image, the first rebuild makes it.
  const trust = useArchiveTrust(setup.archive ? setup.path : "");
  const [check, setCheck] = useState(commandCheck);
  const [command, setCommand] = useState("");
  const isMissing = check === commandCheck && command.trim() === "";
  const start = async () => {
    askToNotify();
    const { accepted } = trust;
    const files = check === allScenarios ? scenarios : scenarios.filter((path) => path === check);
    const { session } = await app()
      .runs.watch({
        folder,
        ...(check === commandCheck && { command }),
        ...(files.length > 0 && { scenarios: [...files] }),
        ...(accepted !== undefined && { accepted }),
      })
      .catch(trust.examineAgain);
    showSession({ id: session, kind: "watch" });
  };
  return (
    <FormDialog
      title={`Watch ${name}`}
      description="Each time that a source of the guest tools, a file of the CD or the recipe is saved, Tinsmith rebuilds the worker image and checks it."
      action="Start watch"
      obstacle={
        setup.archive && !trust.mayBoot ? (trust.obstacle ?? "The setup image can't be booted") : undefined
      }
      onSubmit={start}
      onClose={onClose}
    >
      <Field label="Check">
        {(control) => (
          <select
            {...control}
            className="text-input"
            value={check}
            onChange={({ target }) => setCheck(target.value)}
          >
            <option value={commandCheck}>A command</option>
            <option value={emptyCheck}>The guest tools run an empty task</option>
            {scenarios.map((path) => (
              <option key={path} value={path}>
                {fileName(path)}
              </option>
            ))}
            {scenarios.length > 1 && <option value={allScenarios}>All {scenarios.length} scenarios</option>}
          </select>
        )}
      </Field>
      {check === commandCheck && (
        <TextField
          label="Command"
          name="command"
          hint="Run by sh -c in the guest."
          issue={isMissing ? "Enter a command." : undefined}
          rows={2}
          data-focus-first
          value={command}
          onChange={setCommand}
        />
      )}
      {setup.archive && <TrustWarning trust={trust} />}
    </FormDialog>
  );
}
