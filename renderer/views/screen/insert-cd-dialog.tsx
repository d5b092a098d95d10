import { useState } from "react";
import { sessionClient } from "../../api-client.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { PathInput } from "../../ui/path-input.tsx";

interface InsertCdDialogProps {
  readonly session: string;
  /** The path that was opened, if that is what asked for this. */
  readonly given: string | undefined;
  readonly onClose: () => void;
}

/** Asks what to put into the CD drive of a virtual machine. */
export function InsertCdDialog({ session, given = "", onClose }: InsertCdDialogProps) {
  const [path, setPath] = useState(given);
  const [force, setForce] = useState(false);
  return (
    <FormDialog
      title="Insert a CD"
      description="What is in the drive is taken out first."
      action="Insert"
      canSubmit={path.trim() !== ""}
      onSubmit={() => sessionClient(session).machine.insertCd({ path: path.trim(), force })}
      onClose={onClose}
    >
      <Field
        label="ISO or folder"
        hint="On this host. A folder becomes a data CD, as it is now; the guest finds its files there."
      >
        {(properties) => (
          <PathInput {...properties} wanted={["iso", "folder"]} value={path} onChange={setPath} />
        )}
      </Field>
      <label className="choice">
        <input type="checkbox" checked={force} onChange={({ target }) => setForce(target.checked)} /> Even if
        the guest has locked the drive
      </label>
    </FormDialog>
  );
}
