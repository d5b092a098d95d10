import { escapeName } from "../../../shared/text/escape-name.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { startDownload } from "../../state/guest/downloads.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface DownloadDialogProps {
  readonly session: string;
  /** The file in the guest. */
  readonly source: string;
  readonly onClose: () => void;
}

/** Asks where on the host a file of the guest's is to be put. */
export function DownloadDialog({ session, source, onClose }: DownloadDialogProps) {
  const [target, setTarget] = useSuggestedPath(source.slice(source.lastIndexOf("/") + 1));
  return (
    <FormDialog
      title="Download a file"
      description={escapeName(source)}
      action="Download file"
      onSubmit={async () => void startDownload(session, source, target)}
      onClose={onClose}
    >
      <PathField
        label="Save as"
        name="target"
        hint="A new file on the host that Tinsmith runs on."
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
    </FormDialog>
  );
}
