import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { fileName } from "../../state/files/file-name.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { TrustWarning } from "../trust/trust-warning.tsx";
import { useArchiveTrust } from "../trust/use-archive-trust.ts";

interface ScenarioDialogProps {
  readonly set: ImageSet;
  /** The scenario that is chosen at first. */
  readonly file?: string | undefined;
  readonly onClose: () => void;
}

/** The value of the choice of all scenarios: no file has it as its path. */
const all = "";

/** Asks which scenarios of an image set are run on its worker image, and starts them. */
export function ScenarioDialog({
  set: { folder, name, scenarios, worker },
  file,
  onClose,
}: ScenarioDialogProps) {
  const trust = useArchiveTrust(worker.path);
  const [chosen, setChosen] = useState(file ?? scenarios[0] ?? all);
  const isOne = chosen !== all || scenarios.length === 1;
  const start = async () => {
    const files = chosen === all ? [...scenarios] : [chosen];
    const { accepted } = trust;
    const { session } = await app()
      .runs.startScenarios({ folder, files, ...(accepted !== undefined && { accepted }) })
      .catch(trust.examineAgain);
    showSession({ id: session, kind: "run" });
  };
  return (
    <FormDialog
      title={`Run a scenario of ${name}`}
      description="The worker image runs a task with faults and actions, and its result is compared with expectations."
      action={isOne ? "Run scenario" : "Run all scenarios"}
      obstacle={trust.mayBoot ? undefined : (trust.obstacle ?? "The worker image can't be booted")}
      onSubmit={start}
      onClose={onClose}
    >
      <Field
        label="Scenario"
        hint={
          isOne
            ? undefined
            : "They run one after another, each in a session of its own. The image boots once."
        }
      >
        {(control) => (
          <select
            {...control}
            className="text-input"
            value={chosen}
            onChange={({ target }) => setChosen(target.value)}
          >
            {scenarios.map((path) => (
              <option key={path} value={path}>
                {fileName(path)}
              </option>
            ))}
            {scenarios.length > 1 && <option value={all}>All {scenarios.length} scenarios</option>}
          </select>
        )}
      </Field>
      <TrustWarning trust={trust} />
    </FormDialog>
  );
}
