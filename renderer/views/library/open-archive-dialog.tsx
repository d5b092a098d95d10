import { useState } from "react";
import { app } from "../../client/api-client.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

/** Adds an imported archive to the library, or leads to the import of a disk. */
export function OpenArchiveDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState("");
  const submit = async () => {
    const opened = await app().host.identifyPath({ path });
    if (opened.kind === "image" && opened.isDisk) openDialog({ name: "import-disk", disk: opened.path });
    else await app().library.openArchive({ path });
  };
  return (
    <FormDialog
      title="Open an archive"
      description="The archive stays where it is. The library lists it. If you choose a disk, Tinsmith imports it."
      action="Open file"
      onSubmit={submit}
      onClose={onClose}
    >
      <PathField
        label="Path"
        name="path"
        hint="A .tar.lz4 or .tar.zst file, or a disk, on the host that Tinsmith runs on."
        wanted={["archive-or-disk"]}
        value={path}
        onChange={setPath}
      />
    </FormDialog>
  );
}
