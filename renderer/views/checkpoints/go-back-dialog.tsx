import { sessionClient } from "../../client/api-client.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface GoBackDialogProps {
  readonly session: string;
  readonly checkpoint: string;
  /** The number of the recorded step before which it was made, if the recording is to begin again there. */
  readonly step?: number | undefined;
  readonly onClose: () => void;
}

const loss = "The virtual machine loses what it has done since then, on its disk, too.";
const advice = "To return to the present moment later, make a checkpoint of it first.";

/** Asks once before the present moment of a virtual machine is lost. */
export function GoBackDialog({ session, checkpoint, step, onClose }: GoBackDialogProps) {
  return (
    <FormDialog
      title={step === undefined ? `Go back to “${checkpoint}”?` : `Record again from step ${step}?`}
      description={
        step === undefined
          ? `${loss} Open shells and downloads end. ${advice}`
          : `The virtual machine goes back to the moment before step ${step}. ${loss} The recorded steps from this one on are lost. ${advice}`
      }
      action={step === undefined ? "Go back" : "Record steps again"}
      look="danger"
      onSubmit={async () => {
        await sessionClient(session).machine.goBack({ name: checkpoint });
        sayDone(
          step === undefined
            ? `The virtual machine went back to “${checkpoint}”.`
            : `The virtual machine went back to the moment before step ${step}.`,
        );
      }}
      onClose={onClose}
    />
  );
}
