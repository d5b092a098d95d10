import { formatBytes, formatDuration } from "../../../shared/format.ts";
import type { ArchiveSummary } from "../../../shared/library.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

interface ArchiveDialogProps {
  readonly archive: ArchiveSummary;
  readonly title: string;
  readonly onClose: () => void;
}

/** What is known of an archive: where it is, and when and from what it was built. */
export function ArchiveDialog({ archive, title, onClose }: ArchiveDialogProps) {
  const { record, digest } = archive;
  return (
    <Dialog title={title} onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <dl className="facts">
        <dt>Path</dt>
        <dd className="mono">{archive.path}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(archive.size)}</dd>
        {digest && (
          <>
            <dt>SHA-256</dt>
            <dd className="mono">{digest}</dd>
          </>
        )}
        <dt>Built</dt>
        <dd>
          {record
            ? `${new Date(record.finished).toLocaleString()}, in ${formatDuration(record.milliseconds)}`
            : "not by this Tinsmith"}
        </dd>
        {record?.inputs.map((input) => (
          <Input key={input.name} name={input.name} digest={input.digest} />
        ))}
      </dl>
    </Dialog>
  );
}

function Input({ name, digest }: { readonly name: string; readonly digest: string }) {
  return (
    <>
      <dt>From {name}</dt>
      <dd className="mono" title={digest}>
        {digest.slice(0, 16)}…
      </dd>
    </>
  );
}
