import { useState } from "react";
import { sessionClient } from "../../client/api-client.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface RenameCheckpointDialogProps {
  readonly session: string;
  readonly checkpoint: string;
  readonly onClose: () => void;
}

/** Asks for another name of a checkpoint. */
export function RenameCheckpointDialog({ session, checkpoint, onClose }: RenameCheckpointDialogProps) {
  const [newName, setNewName] = useState(checkpoint);
  return (
    <FormDialog
      title={`Rename “${checkpoint}”`}
      action="Rename checkpoint"
      onSubmit={() => sessionClient(session).machine.renameCheckpoint({ name: checkpoint, newName })}
      onClose={onClose}
    >
      <TextField label="New name" name="name" value={newName} onChange={setNewName} />
    </FormDialog>
  );
}
