import { describeOutcome } from "../../../shared/app/crash-report.ts";
import { app } from "../../api-client.ts";
import { crashes } from "../../state/app-state.ts";
import { openDialog } from "../../state/dialogs.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ExportButton } from "../export-button.tsx";

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
      {older.length > 0 &&
        ` There ${older.length === 1 ? "is 1 older report" : `are ${older.length} older reports`}.`}
    </Notice>
  );
}
