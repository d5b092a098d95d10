import type { ArchiveSummary } from "../../../shared/library/library.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";

interface DeleteArchiveDialogProps {
  readonly archive: ArchiveSummary;
  readonly title: string;
  readonly onClose: () => void;
}

/** Asks once, and shows how much space is freed. */
export function DeleteArchiveDialog({ archive, title, onClose }: DeleteArchiveDialogProps) {
  return (
    <FormDialog
      title={`Delete the ${title[0]?.toLowerCase()}${title.slice(1)}?`}
      description={`${archive.path} is deleted, which frees ${formatBytes(archive.size)}. You can rebuild it from its recipe.`}
      action="Delete image"
      look="danger"
      onSubmit={async () => {
        const { freedBytes } = await app().library.deleteArchive({ path: archive.path });
        sayDone(`${formatBytes(freedBytes)} freed.`);
      }}
      onClose={onClose}
    />
  );
}
