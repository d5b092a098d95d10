import { Pencil, Trash2 } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import { formatBytes, formatTimeOfDay } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { followMachine, machineState } from "../../state/guest/machine-state.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { checkpointsOf } from "./checkpoint-commands.ts";
import "./checkpoints-dialog.css";

interface CheckpointsDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** The checkpoints of a virtual machine, with their times and sizes. */
export function CheckpointsDialog({ session, onClose }: CheckpointsDialogProps) {
  const checkpoints = checkpointsOf(useStore(machineState(session), ({ value }) => value));
  useEffect(() => followMachine(session), [session]);
  const { machine } = sessionClient(session);
  const total = checkpoints.reduce((sum, { size }) => sum + size, 0);
  return (
    <Dialog
      title="Checkpoints"
      description={`They take ${formatBytes(total)}, and are deleted when the virtual machine ends.`}
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <ul className="checkpoints">
        {checkpoints.map(({ name, time, size }) => (
          <li key={name}>
            <span className="checkpoints-name">{name}</span>
            <span className="checkpoints-facts">
              {formatTimeOfDay(time)}, {formatBytes(size)}
            </span>
            <Button onClick={() => openDialog({ name: "go-back", session, checkpoint: name })}>
              Go back…
            </Button>
            <IconButton
              icon={Pencil}
              label={`Rename “${name}”`}
              onClick={() => openDialog({ name: "rename-checkpoint", session, checkpoint: name })}
            />
            <IconButton
              icon={Trash2}
              label={`Delete “${name}”`}
              onClick={() => perform({ run: () => machine.deleteCheckpoint({ name }) })}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
