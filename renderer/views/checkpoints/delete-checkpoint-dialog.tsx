import type { Checkpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface DeleteCheckpointDialogProps {
  readonly session: string;
  readonly checkpoint: Checkpoint;
}

/** Asks once before a checkpoint of a virtual machine is deleted, which can't be made again. */
export function DeleteCheckpointDialog({
  session,
  checkpoint: { name, size, isKept },
}: DeleteCheckpointDialogProps) {
  const copy = isKept ? " Its kept copy stays." : "";
  return (
    <FormDialog
      title={`Delete “${name}”?`}
      description={`The virtual machine can't go back to it any more. This frees ${formatBytes(size)}.${copy}`}
      action="Delete checkpoint"
      look="danger"
      onSubmit={() => sessionClient(session).machine.deleteCheckpoint({ name })}
      onClose={() => openDialog({ name: "checkpoints", session })}
    />
  );
}
