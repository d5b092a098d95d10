import { FolderTree, Trash2 } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { KeptCheckpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { imageName } from "../../../shared/session/run.ts";
import { formatBytes, formatDate } from "../../../shared/text/format.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { app } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { keptCheckpoints } from "../../state/connection/app-state.ts";
import { showImage } from "../../state/layout/panels.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import "./checkpoints-dialog.css";

interface KeptCheckpointsDialogProps {
  /** Shows only those of this image. */
  readonly archive?: string | undefined;
  readonly onClose: () => void;
}

/** The checkpoints that are kept after their sessions, from which runs start. */
export function KeptCheckpointsDialog({ archive, onClose }: KeptCheckpointsDialogProps) {
  const all = useStore(keptCheckpoints, ({ value }) => value);
  const shown = all?.filter((one) => archive === undefined || one.archive === archive);
  const [starting, setStarting] = useState<string>();
  const start = async (name: string) => {
    setStarting(name);
    try {
      const { session } = await app().keptCheckpoints.start({ name });
      onClose();
      showSession({ id: session, kind: "run" });
    } finally {
      setStarting(undefined);
    }
  };
  return (
    <Dialog
      title={archive === undefined ? "Kept checkpoints" : `Kept checkpoints of ${imageName(archive)}`}
      description={shown && describe(shown)}
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {shown?.length === 0 ? (
        <p>
          To keep one, make a checkpoint with <em>Checkpoints</em> at the screen of a run. Then click its{" "}
          <em>Keep</em> in <em>List the checkpoints…</em>, or run <code>tinsmith checkpoint keep</code>.
        </p>
      ) : (
        <ul className="kept-checkpoints">
          {shown?.map((checkpoint) => (
            <li key={checkpoint.name}>
              <span className="kept-checkpoints-text">
                <span>{checkpoint.name}</span>
                <Facts checkpoint={checkpoint} />
              </span>
              <span className="checkpoints-acts">
                <Button
                  aria-label={`Start from “${checkpoint.name}”`}
                  disabledReason={starting && "A run is being started"}
                  onClick={() => perform({ run: () => start(checkpoint.name) })}
                >
                  Start
                </Button>
                <IconButton
                  icon={FolderTree}
                  label={`Look inside the disk at “${checkpoint.name}”`}
                  onClick={() => {
                    onClose();
                    showImage(`checkpoint:${checkpoint.name}`);
                  }}
                />
                <IconButton
                  icon={Trash2}
                  label={`Delete “${checkpoint.name}”…`}
                  onClick={() => openDialog({ name: "delete-kept-checkpoint", checkpoint, archive })}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Facts({
  checkpoint: { archive, time, size, session, command },
}: {
  readonly checkpoint: KeptCheckpoint;
}) {
  return (
    <span className="checkpoints-facts">
      <span title={archive}>{imageName(archive)}</span>,{" "}
      <span className="kept-checkpoints-fact">
        {formatDate(time)}, {formatBytes(size)}
      </span>
      , <span className="kept-checkpoints-fact">of session {session}</span>
      <code className="kept-checkpoints-command">{command.map(quoteForShell).join(" ")}</code>
    </span>
  );
}

function describe(shown: readonly KeptCheckpoint[]): string {
  const what = "New runs can start from these moments of earlier runs.";
  if (shown.length === 0) return `${what} There are none.`;
  const total = shown.reduce((sum, { size }) => sum + size, 0);
  return `${what} They take ${formatBytes(total)} of the cache, and stay until you delete them.`;
}
