import { useState } from "react";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { fileName } from "../../state/files/file-name.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { sayMade } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { useAbortAtEnd } from "../../ui/dialogs/use-abort-at-end.ts";
import { PathField } from "../../ui/forms/path-field.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import "./disks.css";

interface ExportDiskDialogProps {
  /** The path of an image archive. */
  readonly image: string;
  readonly onClose: () => void;
}

/** Writes the disk of an image for other programs. */
export function ExportDiskDialog({ image, onClose }: ExportDiskDialogProps) {
  const [target, setTarget] = useSuggestedPath(diskName(image));
  const [isRunning, setRunning] = useState(false);
  const signalAtEnd = useAbortAtEnd();
  const submit = async () => {
    const signal = signalAtEnd();
    setRunning(true);
    try {
      const { bytes } = await app().contents.exportDisk({ image, target }, { signal });
      sayMade(`${target}: ${formatBytes(bytes)}.`, target);
    } catch (error) {
      // Closing the dialog cancels the export.
      if (!signal.aborted) throw error;
    } finally {
      setRunning(false);
    }
  };
  return (
    <FormDialog
      title="Export a disk"
      description={image}
      action="Export disk"
      onSubmit={submit}
      onClose={onClose}
    >
      <PathField
        label="Save as"
        name="target"
        hint="A new file on the host that Tinsmith runs on. Its ending chooses the format: .qcow2, .vmdk, .vdi, .raw or .img."
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
      {isRunning && (
        <div className="disk-progress" role="status">
          <ProgressBar label="Export progress" />
          <p>Writing the disk. Cancel ends the export.</p>
        </div>
      )}
    </FormDialog>
  );
}

/** The name of the disk of an archive: `worker.qcow2` for `worker.tar.lz4`. */
function diskName(image: string): string {
  return `${fileName(image).replace(/\.tar\.(lz4|zst)$/, "")}.qcow2`;
}
