import { sessionClient } from "../../client/api-client.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface EndMachineDialogProps {
  readonly session: string;
  readonly by: "reset" | "kill";
  readonly onClose: () => void;
}

const texts = {
  reset: {
    title: "Reset the virtual machine?",
    description:
      "The virtual machine restarts at once. The guest loses the data that it has not written to its disk.",
    action: "Reset VM",
  },
  kill: {
    title: "Force off the virtual machine?",
    description:
      "The virtual machine ends at once, and its build or run fails. The guest loses the data that it has not written to its disk.",
    action: "Force off VM",
  },
} as const;

/** Asks once before a guest loses its unsaved data. */
export function EndMachineDialog({ session, by, onClose }: EndMachineDialogProps) {
  return (
    <FormDialog
      {...texts[by]}
      look="danger"
      onSubmit={() => sessionClient(session).machine[by]()}
      onClose={onClose}
    />
  );
}
