import { useEffect, useRef, useState } from "react";
import { killProcess } from "../../state/guest/guest-actions.ts";
import { killObstacle } from "../../state/runs/kill-obstacle.ts";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";

interface KillDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks once, then lets the guest tools kill the task; closing it while they are asked gives that up. */
export function KillDialog({ session, onClose }: KillDialogProps) {
  const asked = useRef<AbortController>(null);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => () => asked.current?.abort(), []);
  const life = useSessionLife(session);
  const taskObstacle = useSessionLog(session, ({ run }) => killObstacle(run));
  const obstacle = life === "running" ? taskObstacle : "The run has ended.";
  return (
    <FormDialog
      title="Kill the task?"
      description="The guest tools send SIGTERM, and SIGKILL after 5 s, to all processes that the task has started. The task then counts as failed. The guest keeps running."
      action="Kill task"
      look="danger"
      obstacle={obstacle}
      onSubmit={async () => {
        setAsking(true);
        const controller = new AbortController();
        asked.current = controller;
        try {
          await killProcess(session, controller.signal);
        } catch (error) {
          // Closing the dialog cancels the kill.
          if (!controller.signal.aborted) throw error;
        } finally {
          setAsking(false);
        }
      }}
      onClose={onClose}
    >
      {obstacle && <p role="status">{obstacle}</p>}
      {isAsking && <ActionWaitNote session={session} request={{ type: "kill-process" }} />}
    </FormDialog>
  );
}
