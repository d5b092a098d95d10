import { formatBytes } from "../../shared/format.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import { app } from "../api-client.ts";
import { sayDone } from "../state/toasts.ts";
import { FormDialog } from "../ui/form-dialog.tsx";

interface DeleteSessionDialogProps {
  readonly session: SessionSummary;
  readonly onClose: () => void;
}

/** Asks once, and says what it frees. */
export function DeleteSessionDialog({ session, onClose }: DeleteSessionDialogProps) {
  return (
    <FormDialog
      title={`Delete the session of ${session.title}?`}
      description={`Its logs in ${session.folder} are deleted, which frees ${formatBytes(session.bytes)}. What it built stays.`}
      action="Delete"
      look="danger"
      onSubmit={async () => {
        const { freedBytes } = await app().sessions.delete({ session: session.id });
        sayDone(`${formatBytes(freedBytes)} freed.`);
      }}
      onClose={onClose}
    />
  );
}
