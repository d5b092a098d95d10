import { useState } from "react";
import { useStore } from "zustand";
import { heldQueue, releaseHeld } from "../../state/breakpoints/held-messages.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface AnswerErrorDialogProps {
  readonly session: string;
  /** The number of the held request. */
  readonly held: number;
  readonly onClose: () => void;
}

/** Asks for the status with which a held request is answered in place of the MetaService. */
export function AnswerErrorDialog({ session, held, onClose }: AnswerErrorDialogProps) {
  const [status, setStatus] = useState("");
  const [isSent, setSent] = useState(false);
  const isHeld = useStore(heldQueue(session), (queue) => queue.held.some(({ number }) => number === held));
  return (
    <FormDialog
      title="Answer the request with an error"
      description="The guest tools get this status. The MetaService does not see the request."
      action="Answer with error"
      obstacle={isHeld ? undefined : "The request is no longer held"}
      onSubmit={() => {
        setSent(true);
        return releaseHeld(session, held, { release: "answered", answer: { status: Number(status) } });
      }}
      onClose={onClose}
    >
      <TextField
        label="Status"
        hint="From 400 to 599, such as 409 Conflict or 429 Too many requests."
        issue={/^[45]\d\d$/.test(status) ? undefined : "Enter a status from 400 to 599."}
        inputMode="numeric"
        maxLength={3}
        data-focus-first
        value={status}
        onChange={setStatus}
      />
      {!isHeld && !isSent && (
        <p className="form-error" role="alert">
          The request is no longer held: the guest tools gave up, or somebody released it. Close this dialog.
        </p>
      )}
    </FormDialog>
  );
}
