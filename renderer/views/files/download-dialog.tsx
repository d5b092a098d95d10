import { useEffect, useState } from "react";
import { escapeName } from "../../../shared/escape-name.ts";
import { app } from "../../api-client.ts";
import { startDownload } from "../../state/downloads.ts";
import { sayError } from "../../state/toasts.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { PathInput } from "../../ui/path-input.tsx";

interface DownloadDialogProps {
  readonly session: string;
  /** The file in the guest. */
  readonly source: string;
  readonly onClose: () => void;
}

/** Asks where on the host a file of the guest's is to be put. */
export function DownloadDialog({ session, source, onClose }: DownloadDialogProps) {
  const [target, setTarget] = useState("");
  useEffect(() => {
    const name = source.slice(source.lastIndexOf("/") + 1);
    app()
      .downloads.suggest({ name })
      .then(({ path }) => setTarget(path), sayError);
  }, [source]);
  const isWhole = target.startsWith("/") && !target.endsWith("/");
  return (
    <FormDialog
      title="Download a file"
      description={escapeName(source)}
      action="Download"
      canSubmit={isWhole}
      onSubmit={async () => void startDownload(session, source, target)}
      onClose={onClose}
    >
      <Field
        label="Save as"
        hint={
          target === "" || isWhole
            ? "A new file on the host that Tinsmith runs on."
            : "Give the whole path, with the file's name."
        }
        isWrong={target !== "" && !isWhole}
      >
        {(properties) => (
          <PathInput {...properties} wanted={["new-file"]} value={target} onChange={setTarget} />
        )}
      </Field>
    </FormDialog>
  );
}
