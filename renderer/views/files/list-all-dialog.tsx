import { listFolder } from "../../state/guest/guest-files.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface ListAllDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks before the guest is let walk over all that it has. */
export function ListAllDialog({ session, onClose }: ListAllDialogProps) {
  return (
    <FormDialog
      title="List every file in the guest?"
      description="The guest tools walk through all folders, including /proc and /sys. That takes long on a large guest, and fails if the names take more than 10 MiB. A folder further down is quicker."
      action="List every file"
      onSubmit={async () => void listFolder(session, "/")}
      onClose={onClose}
    />
  );
}
