import { useState } from "react";
import { app } from "../../client/api-client.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

/** Adds an imported archive to the library. */
export function OpenArchiveDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState("");
  return (
    <FormDialog
      title="Open an archive"
      description="The archive stays where it is. The library lists it."
      action="Open archive"
      onSubmit={() => app().library.openArchive({ path })}
      onClose={onClose}
    >
      <PathField
        label="Path"
        name="path"
        hint="A .tar.lz4 or .tar.zst file on the host that Tinsmith runs on."
        wanted={["archive"]}
        value={path}
        onChange={setPath}
      />
    </FormDialog>
  );
}
