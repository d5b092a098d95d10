import { useState } from "react";
import { app } from "../../api-client.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { PathInput } from "../../ui/path-input.tsx";

/** Adds an archive from elsewhere to the library. */
export function OpenArchiveDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState("");
  return (
    <FormDialog
      title="Open an archive"
      description="It stays where it is, and is listed in the library."
      action="Open"
      canSubmit={path !== ""}
      onSubmit={() => app().library.openArchive({ path })}
      onClose={onClose}
    >
      <Field label="Path" hint="A .tar.lz4 or .tar.zst file on the host that Tinsmith runs on.">
        {(properties) => <PathInput {...properties} wanted={["archive"]} value={path} onChange={setPath} />}
      </Field>
    </FormDialog>
  );
}
