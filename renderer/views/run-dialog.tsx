import { useState } from "react";
import { app } from "../api-client.ts";
import { showSession } from "../state/session-panels.ts";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";

interface RunDialogProps {
  readonly archive: string;
  readonly onClose: () => void;
}

/** Boots an image and lets its guest tools run a command. */
export function RunDialog({ archive, onClose }: RunDialogProps) {
  const [command, setCommand] = useState("uname -a");
  const [keepAlive, setKeepAlive] = useState(true);
  return (
    <FormDialog
      title="Run an image"
      description={archive}
      action="Run"
      canSubmit={command.trim() !== ""}
      onSubmit={async () => {
        const { session } = await app().runs.start({
          archive,
          command: ["sh", "-c", command],
          env: {},
          keepAlive,
        });
        showSession({ id: session, kind: "run" });
      }}
      onClose={onClose}
    >
      <Field label="Command" hint="Run by sh -c in the guest.">
        {(properties) => (
          <input
            {...properties}
            className="mono"
            value={command}
            onChange={({ target }) => setCommand(target.value)}
            autoComplete="off"
          />
        )}
      </Field>
      <label className="choice">
        <input type="checkbox" checked={keepAlive} onChange={() => setKeepAlive(!keepAlive)} />
        Leave the guest running afterwards
      </label>
    </FormDialog>
  );
}
