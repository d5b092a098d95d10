import { nameOf } from "../../../shared/session/session-name.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface DeleteSessionsDialogProps {
  readonly sessions: readonly SessionSummary[];
  readonly onClose: () => void;
}

/** Asks once, and shows how much space is freed and which data is lost. */
export function DeleteSessionsDialog({ sessions, onClose }: DeleteSessionsDialogProps) {
  const [first] = sessions;
  const isOne = sessions.length === 1;
  const bytes = sessions.reduce((sum, one) => sum + one.bytes, 0);
  const what = isOne ? "this session" : formatCount(sessions.length, "session");
  return (
    <FormDialog
      title={isOne && first ? `Delete the session of ${nameOf(first)}?` : `Delete ${what}?`}
      description={`${describeLoss(sessions)}, which frees ${formatBytes(bytes)}. Images that ${isOne ? "it" : "they"} built are kept.`}
      action={isOne ? "Delete session" : `Delete ${what}`}
      look="danger"
      onSubmit={async () => {
        let freed = 0;
        // Once more after a failure: of some there may be nothing left.
        for (const { id } of sessions.filter((one) => findSession(one.id)))
          freed += (await app().sessions.delete({ session: id })).freedBytes;
        sayDone(`${formatBytes(freed)} freed.`);
      }}
      onClose={onClose}
    />
  );
}

function describeLoss(sessions: readonly SessionSummary[]): string {
  const [first, ...others] = sessions;
  const retries = sessions.filter(({ canRetry }) => canRetry).length;
  const kept = retries > 0 ? ", and the work that a retry could start from," : "";
  const logs = others.length === 0 && first ? `Its logs in ${first.folder}` : "Their logs and action logs";
  return `${logs}${kept} are deleted`;
}
