import { useState } from "react";
import type { WorkProgress } from "../../../shared/contracts/contents-contract.ts";
import { importDisk } from "../../state/contents/import-disk.ts";
import { fileName } from "../../state/files/file-name.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { useAbortAtEnd } from "../../ui/dialogs/use-abort-at-end.ts";
import { PathField } from "../../ui/forms/path-field.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { MachineField } from "./machine-field.tsx";
import "./disks.css";

interface ImportDiskDialogProps {
  /** The path of the disk, if it was dropped or opened. */
  readonly disk: string | undefined;
  readonly onClose: () => void;
}

/** Makes an image archive of a disk of another program. */
export function ImportDiskDialog({ disk: given = "", onClose }: ImportDiskDialogProps) {
  const [disk, setDisk] = useState(given);
  const [machine, setMachine] = useState<string>();
  const [target, setTarget] = useSuggestedPath(archiveName(disk));
  const [progress, setProgress] = useState<Partial<WorkProgress>>();
  const signalAtEnd = useAbortAtEnd();
  const submit = async () => {
    const signal = signalAtEnd();
    setProgress({});
    try {
      await importDisk({ disk, machine, target }, signal, setProgress);
    } catch (error) {
      // Closing the dialog cancels the import.
      if (!signal.aborted) throw error;
    } finally {
      setProgress(undefined);
    }
  };
  const { bytes, total } = progress ?? {};
  return (
    <FormDialog
      title="Import a disk"
      description="Tinsmith makes an image archive of the disk. The disk stays as it is."
      action="Import disk"
      onSubmit={submit}
      onClose={onClose}
    >
      <PathField
        label="Disk"
        name="disk"
        hint="A qcow2, VMDK, VDI or raw disk on the host that Tinsmith runs on."
        wanted={["file"]}
        value={disk}
        onChange={setDisk}
      />
      <MachineField value={machine} onChange={setMachine} />
      <PathField
        label="Save as"
        name="target"
        hint="A new file on the host that Tinsmith runs on: NAME.tar.lz4 or NAME.tar.zst."
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
      {progress && (
        <div className="disk-progress" role="status">
          <ProgressBar
            label="Import progress"
            fraction={bytes !== undefined && total ? bytes / total : undefined}
          />
          <p>
            {bytes === undefined ? "Reading the disk." : "Packing the image archive."} Cancel ends the import.
          </p>
        </div>
      )}
    </FormDialog>
  );
}

/** The name of the archive of a disk: `debian.tar.lz4` for `debian.qcow2`. */
function archiveName(disk: string): string {
  return `${fileName(disk).replace(/\.[^.]*$/, "") || "imported"}.tar.lz4`;
}
