import { FormDialog } from "../../ui/form-dialog.tsx";

interface ListAllDialogProps {
  readonly onList: () => void;
  readonly onClose: () => void;
}

/** Asks before the guest is let walk over all that it has. */
export function ListAllDialog({ onList, onClose }: ListAllDialogProps) {
  return (
    <FormDialog
      title="List every file in the guest?"
      description="The guest tools walk through all folders, /proc and /sys among them. That takes long on a large guest, and more than 10 MiB of names are refused: a folder further down is quicker."
      action="List all"
      onSubmit={async () => onList()}
      onClose={onClose}
    />
  );
}
