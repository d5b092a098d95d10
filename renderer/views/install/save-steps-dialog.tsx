import { useState } from "react";
import { useStore } from "zustand";
import { stepsFileEnd } from "../../../shared/recipe/steps-file.ts";
import { sessionClient } from "../../client/api-client.ts";
import { newStepsFile, withStepsFile } from "../../state/builds/install-form.ts";
import { library } from "../../state/connection/app-state.ts";
import { fileName } from "../../state/files/file-name.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone, sayOffer } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface SaveStepsDialogProps {
  readonly session: string;
  /** The archive that the recorded installation makes. */
  readonly output: string;
  readonly onClose: () => void;
}

/** How long a person can prove the steps at once. */
const offerMilliseconds = 15_000;

/** Saves the recorded steps as a steps file, by which the setup image installs itself from then on. */
export function SaveStepsDialog({ session, output, onClose }: SaveStepsDialogProps) {
  const sets = useStore(library, ({ value }) => value?.sets) ?? [];
  const set = sets.find(({ setup }) => setup.path === output);
  const folder = set?.folder ?? output.slice(0, output.lastIndexOf("/"));
  const [path, setPath] = useState(() => newStepsFile(folder, set?.stepsFiles ?? []));
  return (
    <FormDialog
      title="Save the recorded steps"
      description={`They are offered in the dialog Install… if the file is in the image set's folder, and its name ends in ${stepsFileEnd}.`}
      action="Save steps"
      onSubmit={async () => {
        await sessionClient(session).recording.save({ target: path });
        const done = `The recorded steps are saved in ${fileName(path)}.`;
        const prove = () =>
          set && openDialog({ name: "install", set: withStepsFile(set, path), steps: path });
        if (set) sayOffer(done, { label: "Prove the steps…", run: prove, milliseconds: offerMilliseconds });
        else sayDone(done);
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
    </FormDialog>
  );
}
