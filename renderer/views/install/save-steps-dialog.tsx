import { useState } from "react";
import { useStore } from "zustand";
import type { ImageSet } from "../../../shared/library/library.ts";
import type { InstallChoices } from "../../../shared/recipe/install-choices.ts";
import { stepsFileEnd } from "../../../shared/recipe/steps-file.ts";
import { sessionClient } from "../../client/api-client.ts";
import { newStepsFile } from "../../state/builds/install-form.ts";
import { library } from "../../state/connection/app-state.ts";
import { fileName } from "../../state/files/file-name.ts";
import { savedSteps, writeRecipeSteps } from "../../state/install/saved-steps.ts";
import { sayDone, sayError } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface SaveStepsDialogProps {
  readonly session: string;
  /** The archive that the recorded installation makes. */
  readonly output: string;
  /** The choices for it. */
  readonly choices: InstallChoices;
  readonly onClose: () => void;
}

/** Saves the recorded steps as a steps file, by which the setup image installs itself from then on. */
export function SaveStepsDialog({ session, output, choices, onClose }: SaveStepsDialogProps) {
  const sets = useStore(library, ({ value }) => value?.sets) ?? [];
  const set = sets.find(({ setup }) => setup.path === output);
  const folder = set?.folder ?? output.slice(0, output.lastIndexOf("/"));
  const [path, setPath] = useState(() => newStepsFile(folder, set?.stepsFiles ?? []));
  const [chosen, setForRecipe] = useState<boolean>();
  const isForRecipe = chosen ?? set?.hasSteps === false;
  return (
    <FormDialog
      title="Save the recorded steps"
      description={`They are offered in the dialog Install… if the file is in the image set's folder, and its name ends in ${stepsFileEnd}.`}
      action="Save steps"
      onSubmit={async () => {
        await sessionClient(session).recording.save({ target: path });
        savedSteps.setState({ [session]: path });
        if (!set || !isForRecipe) return sayDone(`The recorded steps are saved in ${fileName(path)}.`);
        try {
          await writeRecipeSteps(set, path, choices);
          sayDone(
            `The recorded steps are saved in ${fileName(path)}, and the recipe of ${set.name} uses them.`,
          );
        } catch (error) {
          // The steps are saved, and can't be saved there again.
          sayError(error);
        }
      }}
      onClose={onClose}
    >
      <PathField
        label="File"
        name="target"
        hint="A new file on the host that Tinsmith runs on."
        wanted={["new-file"]}
        value={path}
        onChange={setPath}
      />
      {set && (
        <>
          <label className="choice">
            <input
              type="checkbox"
              checked={isForRecipe}
              onChange={({ target }) => setForRecipe(target.checked)}
            />
            Use the steps in the recipe
          </label>
          <p className="field-hint">{describeUse(set, choices)}</p>
        </>
      )}
    </FormDialog>
  );
}

/** Says what changes in a recipe that uses the steps. */
function describeUse(set: ImageSet, { iso, machine, size }: InstallChoices): string {
  const changed = [
    iso && "ISO",
    machine !== undefined && machine !== set.machineFile && "machine definition",
    size !== undefined && size !== set.diskSize && "disk size",
  ].filter(Boolean);
  const also =
    changed.length > 0 ? ` It also gets the ${changed.join(" and the ")} of this installation.` : "";
  const own = set.hasSteps ? ", in place of its own steps" : "";
  return `recipe.yaml names the file${own}: Rebuild setup then installs without you.${also}`;
}
