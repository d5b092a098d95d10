import { useState } from "react";
import { sessionClient } from "../../client/api-client.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface InsertCdDialogProps {
  readonly session: string;
  /** The opened path, if opening one led here. */
  readonly given: string | undefined;
  readonly onClose: () => void;
}

/** Asks for the medium for the CD drive of a virtual machine. */
export function InsertCdDialog({ session, given = "", onClose }: InsertCdDialogProps) {
  const [path, setPath] = useState(given);
  const [force, setForce] = useState(false);
  return (
    <FormDialog
      title="Insert a CD"
      description="Tinsmith ejects the present CD first."
      action="Insert CD"
      onSubmit={() => sessionClient(session).machine.insertCd({ path, force })}
      onClose={onClose}
    >
      <PathField
        label="ISO or folder"
        name="path"
        hint="On this host. Tinsmith makes a data CD of a folder's present files."
        wanted={["iso", "folder"]}
        value={path}
        onChange={setPath}
      />
      <label className="choice">
        <input type="checkbox" checked={force} onChange={({ target }) => setForce(target.checked)} /> Even if
        the guest has locked the drive
      </label>
    </FormDialog>
  );
}
