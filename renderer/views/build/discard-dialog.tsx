import { sessionClient } from "../../client/api-client.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface DiscardDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks once before a person's installation is thrown away. */
export function DiscardDialog({ session, onClose }: DiscardDialogProps) {
  return (
    <FormDialog
      title="Discard what was installed?"
      description="The virtual machine's disk is deleted. An archive that was built before stays as it is."
      action="Discard"
      look="danger"
      onSubmit={() => sessionClient(session).build.choose({ choice: "discard" })}
      onClose={onClose}
    />
  );
}
