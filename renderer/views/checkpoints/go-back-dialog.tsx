import { sessionClient } from "../../client/api-client.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface GoBackDialogProps {
  readonly session: string;
  readonly checkpoint: string;
  readonly onClose: () => void;
}

/** Asks once before the present moment of a virtual machine is lost. */
export function GoBackDialog({ session, checkpoint, onClose }: GoBackDialogProps) {
  return (
    <FormDialog
      title={`Go back to “${checkpoint}”?`}
      description="The virtual machine loses what it has done since then, on its disk, too. Open shells and downloads end. To return to the present moment later, make a checkpoint of it first."
      action="Go back"
      look="danger"
      onSubmit={async () => {
        await sessionClient(session).machine.goBack({ name: checkpoint });
        sayDone(`The virtual machine went back to “${checkpoint}”.`);
      }}
      onClose={onClose}
    />
  );
}
