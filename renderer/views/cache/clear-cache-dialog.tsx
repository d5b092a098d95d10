import type { CacheKind } from "../../../shared/cache/cache.ts";
import { sumOfBytes } from "../../../shared/cache/cache-groups.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface ClearCacheDialogProps {
  readonly kind: CacheKind;
  /** The entries that are not in use. */
  readonly count: number;
  readonly bytes: number;
}

/** Asks once before all entries of a kind are deleted that Tinsmith can't make again. */
export function ClearCacheDialog({ kind, count, bytes }: ClearCacheDialogProps) {
  const isWork = kind === "kept-work";
  const what = isWork
    ? `the work of ${formatCount(count, "failed build")}`
    : formatCount(count, "kept checkpoint");
  const loss = isWork ? "No build can be retried from it" : "No run can start from them";
  return (
    <FormDialog
      title={`Delete ${what}?`}
      description={`${loss} any more, and Tinsmith can't make this again. This frees ${formatBytes(bytes)}.`}
      action={isWork ? "Delete work" : "Delete checkpoints"}
      look="danger"
      onSubmit={async () => {
        const { deleted } = await app().host.clearCache({ kinds: [kind] });
        sayDone(`${formatBytes(sumOfBytes(deleted))} freed.`);
      }}
      onClose={() => openDialog({ name: "cache" })}
    />
  );
}
