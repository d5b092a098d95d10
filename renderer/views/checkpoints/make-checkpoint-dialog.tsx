import { useState } from "react";
import { proposeCheckpointName } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { machineState } from "../../state/guest/machine-state.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { checkpointsOf } from "./checkpoint-commands.ts";

interface MakeCheckpointDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks for the name of a new checkpoint. */
export function MakeCheckpointDialog({ session, onClose }: MakeCheckpointDialogProps) {
  const [name, setName] = useState(() =>
    proposeCheckpointName(checkpointsOf(machineState(session).getState().value)),
  );
  return (
    <FormDialog
      title="Make a checkpoint"
      description="Tinsmith keeps the virtual machine's disk, memory and devices as they are now, until the virtual machine ends. It pauses for a moment."
      action="Make checkpoint"
      onSubmit={async () => {
        const { name: made, size } = await sessionClient(session).machine.makeCheckpoint({ name });
        sayDone(`Made the checkpoint “${made}” (${formatBytes(size)}).`);
      }}
      onClose={onClose}
    >
      <TextField label="Name" name="name" value={name} onChange={setName} />
    </FormDialog>
  );
}
