import type { KeptCrash } from "../../../shared/crash-report.ts";
import { app } from "../../api-client.ts";
import { crashes } from "../../state/app-state.ts";
import { openDialog } from "../../state/dialogs.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ExportButton } from "../export-button.tsx";

/** Offers the report of the last process that ended unexpectedly, until a person has dismissed it. */
export function CrashNotice() {
  const [crash, ...older] = useStore(crashes, (state) => state.value) ?? [];
  if (!crash) return null;
  const dismissAll = async () => {
    for (const { id } of [crash, ...older]) await app().crashes.dismiss({ id });
  };
  return (
    <Notice
      actions={
        <>
          <Button look="quiet" onClick={() => openDialog({ name: "crash", crash })}>
            Show report
          </Button>
          <ExportButton id={crash.id} look="quiet" />
          <Button look="quiet" onClick={() => void dismissAll().catch(sayError)}>
            Dismiss
          </Button>
        </>
      }
    >
      {describeCrash(crash)}
      {older.length > 0 && `, and ${older.length} more before`}.
    </Notice>
  );
}

/** What ended, and when, for people. */
function describeCrash({ report: { session, time } }: KeptCrash): string {
  const what = session ? `The process of ${session.title}` : "Tinsmith";
  return `${what} ended unexpectedly on ${new Date(time).toLocaleString()}`;
}
