import { sessionClient } from "../../api-client.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";

interface EndMachineDialogProps {
  readonly session: string;
  readonly by: "reset" | "kill";
  readonly onClose: () => void;
}

const texts = {
  reset: {
    title: "Reset the virtual machine?",
    description: "It starts anew at once. What the guest has not written to its disk is lost.",
    action: "Reset",
  },
  kill: {
    title: "Pull the virtual machine's plug?",
    description:
      "It ends at once, and what runs in it fails. What the guest has not written to its disk is lost.",
    action: "Pull the plug",
  },
} as const;

/** Asks once before a guest loses what it has not saved. */
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
