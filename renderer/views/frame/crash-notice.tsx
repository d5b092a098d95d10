import { useStore } from "zustand";
import { describeOutcome } from "../../../shared/app/crash-report.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { crashes } from "../../state/connection/app-state.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/messages/notice.tsx";
import { ExportButton } from "../export/export-button.tsx";

/** Offers the report of the last error that nobody caught, until a person has dismissed it. */
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
      {describeOutcome(crash.report)}.
      {older.length > 0 && ` Tinsmith has also kept ${formatCount(older.length, "older report")}.`}
    </Notice>
  );
}
