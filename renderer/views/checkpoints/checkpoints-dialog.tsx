import { Archive, FolderTree, Pencil, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { Checkpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { formatBytes, formatTimeOfDay } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { followMachine, machineState } from "../../state/guest/machine-state.ts";
import { showImage } from "../../state/layout/panels.ts";
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
  const total = checkpoints.reduce((sum, { size }) => sum + size, 0);
  return (
    <Dialog
      title="Checkpoints"
      description={
        checkpoints.length === 0
          ? "There are none."
          : `They take ${formatBytes(total)}, and are deleted when the virtual machine ends. Copies that you keep stay.`
      }
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => openDialog({ name: "kept-checkpoints" })}>Show kept checkpoints</Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <ul className="checkpoints">
        {checkpoints.map((checkpoint) => (
          <CheckpointRow
            key={checkpoint.name}
            session={session}
            checkpoint={checkpoint}
            onLook={() => {
              onClose();
              showImage(`checkpoint:${session}/${checkpoint.name}`);
            }}
          />
        ))}
      </ul>
    </Dialog>
  );
}

interface CheckpointRowProps {
  readonly session: string;
  readonly checkpoint: Checkpoint;
  readonly onLook: () => void;
}

function CheckpointRow({ session, checkpoint, onLook }: CheckpointRowProps) {
  const { name, time, size, isKept, keepProblem, disk } = checkpoint;
  const [isBeingKept, setBeingKept] = useState(false);
  const keep = async () => {
    setBeingKept(true);
    await sessionClient(session)
      .machine.keepCheckpoint({ name })
      .finally(() => setBeingKept(false));
  };
  const waits = isBeingKept ? "it is being kept" : undefined;
  return (
    <li>
      <span className="checkpoints-name">{name}</span>
      <span className="checkpoints-facts">
        {formatTimeOfDay(time)}, {formatBytes(size)}
        {isKept && ", kept"}
      </span>
      <span className="checkpoints-acts">
        <Button
          disabledReason={waits}
          onClick={() => openDialog({ name: "go-back", session, checkpoint: name })}
        >
          Go back…
        </Button>
        <IconButton
          icon={FolderTree}
          label={`Look inside the disk at “${name}”`}
          disabledReason={disk ? undefined : "its session does not say where its disk is"}
          onClick={onLook}
        />
        <IconButton
          icon={Archive}
          label={`Keep “${name}” after the virtual machine's end`}
          disabledReason={waits ?? (isKept ? "it is kept" : keepProblem)}
          onClick={() => perform({ run: keep })}
        />
        <IconButton
          icon={Pencil}
          label={`Rename “${name}”`}
          disabledReason={waits}
          onClick={() => openDialog({ name: "rename-checkpoint", session, checkpoint: name })}
        />
        <IconButton
          icon={Trash2}
          label={`Delete “${name}”…`}
          disabledReason={waits}
          onClick={() => openDialog({ name: "delete-checkpoint", session, checkpoint })}
        />
      </span>
    </li>
  );
}
