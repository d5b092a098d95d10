import { escapeName } from "../../../shared/text/escape-name.ts";
import { type SavedEntry, startSaving } from "../../state/contents/save-content.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface SaveContentDialogProps {
  readonly image: string;
  readonly entry: SavedEntry;
  readonly onClose: () => void;
}

/** Asks where on the host a file of an image, or a folder as a tar archive, is to be put. */
export function SaveContentDialog({ image, entry, onClose }: SaveContentDialogProps) {
  const isFolder = entry.kind === "folder";
  const [target, setTarget] = useSuggestedPath(isFolder ? `${entry.name}.tar` : entry.name);
  const what = isFolder ? "folder" : "file";
  return (
    <FormDialog
      title={`Download a ${what}`}
      description={escapeName(entry.path)}
      action={`Download ${what}`}
      onSubmit={async () => void startSaving(image, entry.path, target)}
      onClose={onClose}
    >
      <PathField
        label="Save as"
        name="target"
        hint={
          isFolder
            ? "A new tar archive on the host that Tinsmith runs on."
            : "A new file on the host that Tinsmith runs on."
        }
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
    </FormDialog>
  );
}
