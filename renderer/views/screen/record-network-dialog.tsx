import { sessionClient } from "../../client/api-client.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface RecordNetworkDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks where on the host the packets of a virtual machine's network are to be recorded. */
export function RecordNetworkDialog({ session, onClose }: RecordNetworkDialogProps) {
  const [target, setTarget] = useSuggestedPath(`${session}.pcap`);
  return (
    <FormDialog
      title="Record the network"
      description="The file gets all packets between the guest and the host, with their content: also tokens and passwords that are sent. It ends at 256 MiB."
      action="Record network"
      onSubmit={() => sessionClient(session).machine.recordNetwork({ target })}
      onClose={onClose}
    >
      <PathField
        label="Save as"
        name="target"
        hint="A new pcap file on the host that Tinsmith runs on, for Wireshark or tcpdump."
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
    </FormDialog>
  );
}
