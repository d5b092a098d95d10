import { useEffect, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { ImageArchive } from "../../../shared/library/image-archive.ts";
import type { ArchiveSummary } from "../../../shared/library/library.ts";
import { formatBytes, formatDate, formatDigest, formatDuration } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";

interface ArchiveDialogProps {
  readonly archive: ArchiveSummary;
  readonly title: string;
  readonly onClose: () => void;
}

/**
 * Shows the facts about an archive: its path, when and from which inputs it was built, and its content, for which it
 * is read.
 */
export function ArchiveDialog({ archive, title, onClose }: ArchiveDialogProps) {
  const { record } = archive;
  const { found, error } = useContent(archive.path);
  const digest = found?.digest ?? archive.digest;
  return (
    <Dialog title={title} onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <dl className="facts">
        <Fact name="Path" value={archive.path} isCode />
        <Fact name="Size" value={formatBytes(archive.size)} />
        {digest && <Fact name="SHA-256" value={digest} isCode />}
        <Fact
          name="Built"
          value={
            record
              ? `${formatDate(record.finished)}, in ${formatDuration(record.milliseconds)}`
              : "not by this Tinsmith"
          }
        />
        {record?.inputs.map((input) => (
          <Fact
            key={`${input.kind} ${input.name}`}
            name={`From ${input.name}`}
            value={formatDigest(input.digest)}
            title={input.digest}
            isCode
          />
        ))}
        {found && <Content archive={found} />}
      </dl>
      {!found && !error && <ProgressBar label="Reading the archive" />}
      {error && (
        <div className="form-error" role="alert">
          <ErrorText error={error} />
        </div>
      )}
    </Dialog>
  );
}

/** Reads an archive, until the dialog is closed. */
function useContent(path: string) {
  const [found, setFound] = useState<ImageArchive>();
  const [error, setError] = useState<ErrorData>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    app()
      .library.inspectArchive({ path }, { signal })
      .then(setFound, (thrown) => signal.aborted || setError(toAppError(thrown).toJSON()));
    return () => controller.abort();
  }, [path]);
  return { found, error };
}

function Content({ archive: { machine, entries, notes } }: { readonly archive: ImageArchive }) {
  const { memory, threads = 1, cores = 1, sockets = 1, graphics, network, storage } = machine;
  const cpus = machine.cores ?? machine.threads ?? machine.sockets;
  return (
    <>
      <Fact
        name="Hardware"
        value={[
          memory === undefined ? "memory chosen by the host" : `${memory} MiB`,
          cpus === undefined ? "processors chosen by the host" : `${threads * cores * sockets} processors`,
          graphics,
          network,
          storage,
        ].join(", ")}
      />
      {notes.map((note) => (
        <Fact key={note} name="Note" value={note} />
      ))}
      {entries.map(({ name, size, dataSize }) => (
        <Fact
          key={name}
          name={name}
          value={
            size === dataSize
              ? formatBytes(size)
              : `${formatBytes(size)}, of which ${formatBytes(dataSize)} are data`
          }
        />
      ))}
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  readonly isCode?: boolean;
}

function Fact({ name, value, title, isCode = false }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isCode ? "mono" : undefined} title={title}>
        {value}
      </dd>
    </>
  );
}
