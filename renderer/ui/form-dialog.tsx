import { type ReactNode, useId, useState } from "react";
import { type ErrorData, toAppError } from "../../shared/errors.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorText } from "./error-text.tsx";

interface FormDialogProps {
  readonly title: string;
  readonly description?: string;
  /** What the button says that does it. */
  readonly action: string;
  readonly look?: "primary" | "danger";
  readonly canSubmit?: boolean;
  /** Does it; the dialog closes when that worked, else it shows why not. */
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A dialog that asks for something and then does it; Return does it, too. */
export function FormDialog({
  action,
  look = "primary",
  canSubmit = true,
  onSubmit,
  onClose,
  children,
  ...head
}: FormDialogProps) {
  const form = useId();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit();
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown).toJSON());
      setBusy(false);
    }
  };
  return (
    <Dialog
      {...head}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={look} type="submit" form={form} disabled={!canSubmit || isBusy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {error && (
          <div className="form-error" role="alert">
            <ErrorText error={error} />
          </div>
        )}
      </form>
    </Dialog>
  );
}
