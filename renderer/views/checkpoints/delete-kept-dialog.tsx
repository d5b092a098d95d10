import type { KeptCheckpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface DeleteKeptDialogProps {
  readonly checkpoint: KeptCheckpoint;
  /** Of the list that is open again afterwards. */
  readonly archive: string | undefined;
}

/** Asks once before a kept checkpoint is deleted, which can't be made again. */
export function DeleteKeptDialog({ checkpoint: { name, size }, archive }: DeleteKeptDialogProps) {
  return (
    <FormDialog
      title={`Delete “${name}”?`}
      description={`No run can start from it any more. This frees ${formatBytes(size)}.`}
      action="Delete checkpoint"
      look="danger"
      onSubmit={async () => {
        await app().keptCheckpoints.delete({ name });
        sayDone(`${formatBytes(size)} freed.`);
      }}
      onClose={() => openDialog({ name: "kept-checkpoints", archive })}
    />
  );
}
