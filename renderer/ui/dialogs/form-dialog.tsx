import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button } from "../button.tsx";
import { FormContext } from "../forms/form.ts";
import { useFields } from "../forms/use-fields.ts";
import { ErrorText } from "../messages/error-text.tsx";
import { Dialog } from "./dialog.tsx";

interface FormDialogProps {
  readonly title: string;
  readonly description?: string;
  /** The label of the button that submits the form. */
  readonly action: string;
  readonly look?: "primary" | "danger";
  /** The reason why it can't be done now; undefined when it can. */
  readonly obstacle?: string | undefined;
  /** Does it; the dialog closes when that worked, else it shows why not. */
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A dialog that asks for something and then does it; Return does it, too. */
export function FormDialog({
  action,
  look = "primary",
  obstacle,
  onSubmit,
  onClose,
  children,
  ...head
}: FormDialogProps) {
  const form = useId();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData>();
  const isOpen = useIsMounted();
  const { fields, element, areRight, refuse } = useFields();
  const submit = async () => {
    if (isBusy || obstacle !== undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      if (!(await areRight()) || !isOpen()) return setBusy(false);
      await onSubmit();
      onClose();
    } catch (thrown) {
      // It was closed meanwhile: the error is shown elsewhere.
      if (!isOpen()) return sayError(thrown);
      const refused = toAppError(thrown).toJSON();
      if (!refuse(refused)) setError(refused);
      setBusy(false);
    }
  };
  return (
    <Dialog
      {...head}
      asks={look === "danger"}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={look}
            type="submit"
            form={form}
            // It keeps the focus, without which the dialog would hear no Escape.
            disabledReason={isBusy ? "In progress" : obstacle}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        ref={element}
        // Fields show their problems, all in the same way.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FormContext value={fields}>{children}</FormContext>
        {error && (
          <div className="form-error" role="alert">
            <ErrorText error={error} />
          </div>
        )}
      </form>
    </Dialog>
  );
}

/** Tells, also to code that ends late, whether the component is still there. */
function useIsMounted(): () => boolean {
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return () => isMounted.current;
}
