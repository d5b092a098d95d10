import { useEffect, useRef, useState } from "react";
import { killProcess } from "../state/guest-actions.ts";
import { FormDialog } from "../ui/form-dialog.tsx";
import { ActionWaitNote } from "./action-wait.tsx";

interface KillDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks once, then lets the guest tools kill the task; closing it while they are asked gives that up. */
export function KillDialog({ session, onClose }: KillDialogProps) {
  const asked = useRef<AbortController>(null);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => () => asked.current?.abort(), []);
  return (
    <FormDialog
      title="Kill the task's processes?"
      description="The guest tools send SIGTERM, and SIGKILL after 5 s, to all that the task has started. Its result is then failed; the guest goes on."
      action="Kill"
      look="danger"
      onSubmit={async () => {
        setAsking(true);
        const controller = new AbortController();
        asked.current = controller;
        await killProcess(session, controller.signal).finally(() => setAsking(false));
      }}
      onClose={onClose}
    >
      {isAsking && <ActionWaitNote session={session} request={{ type: "kill-process" }} onCancel={onClose} />}
    </FormDialog>
  );
}
