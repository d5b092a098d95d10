import { useState } from "react";
import { library } from "../../state/connection/app-state.ts";
import { olderFirst } from "../../state/contents/known-images.ts";
import { showImage, showImageComparison } from "../../state/layout/panels.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface ImagePathDialogProps {
  /** The image that the chosen one is compared with. */
  readonly compared: string | undefined;
  readonly onClose: () => void;
}

/** Asks for the path of an image to look into, or to compare one with. */
export function ImagePathDialog({ compared, onClose }: ImagePathDialogProps) {
  const [path, setPath] = useState("");
  return (
    <FormDialog
      title={compared === undefined ? "Look inside an image" : "Compare with another image"}
      description={compared ?? "Tinsmith only reads the file. No virtual machine boots it."}
      action={compared === undefined ? "Look inside" : "Compare images"}
      onSubmit={async () => {
        if (compared === undefined) showImage(path);
        else showImageComparison(...olderFirst(library.getState().value, compared, path));
      }}
      onClose={onClose}
    >
      <PathField
        label="Path"
        name="path"
        hint="An image archive, a disk, an ISO, or an archive of files, such as .tcz or .tgz, on the host that Tinsmith runs on."
        wanted={["file"]}
        value={path}
        onChange={setPath}
      />
    </FormDialog>
  );
}
