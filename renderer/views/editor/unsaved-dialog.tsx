import { useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { fileName } from "../../state/files/file-name.ts";
import { forgetFile, saveFile } from "../../state/files/open-files.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";

interface UnsavedDialogProps {
  readonly file: string;
  /** Closes the file's panel. */
  readonly close: () => void;
  readonly onClose: () => void;
}

/** Asks whether to save an unsaved text when its panel is closed. */
export function UnsavedDialog({ file, close, onClose }: UnsavedDialogProps) {
  const [error, setError] = useState<ErrorData>();
  const closeAll = () => {
    close();
    onClose();
  };
  const discard = () => {
    closeAll();
    forgetFile(file);
  };
  const save = async () => {
    try {
      await saveFile(file);
      closeAll();
    } catch (thrown) {
      setError(toAppError(thrown).toJSON());
    }
  };
  return (
    <Dialog
      title={`Save ${fileName(file)}?`}
      description={`${file} has changes that are not saved.`}
      asks
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={discard}>
            Discard
          </Button>
          <Button look="primary" onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      {error && (
        <div className="form-error" role="alert">
          <ErrorText error={error} />
        </div>
      )}
    </Dialog>
  );
}
