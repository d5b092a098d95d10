import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface SecretsDialogProps {
  readonly set: ImageSet;
  /** The label of the button that starts the build. */
  readonly action: string;
  /** The names of the secrets. */
  readonly secrets: readonly string[];
  /** Starts the build with the values of the secrets. */
  readonly start: (secrets: Readonly<Record<string, string>>) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for the secrets that the install steps type, and starts the build. */
export function SecretsDialog({ set, action, secrets, start, onClose }: SecretsDialogProps) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const given = Object.fromEntries(secrets.map((name) => [name, values[name] ?? ""]));
  const isEmpty = secrets.some((name) => given[name] === "");
  return (
    <FormDialog
      title={`Secrets for ${set.name}`}
      description="The install steps type them. Tinsmith does not store them."
      action={action}
      obstacle={isEmpty ? "Give each secret" : undefined}
      onSubmit={() => start(given)}
      onClose={onClose}
    >
      {secrets.map((name, index) => (
        <TextField
          key={name}
          label={name}
          name={name}
          type="password"
          value={given[name] ?? ""}
          data-focus-first={index === 0 || undefined}
          onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
        />
      ))}
    </FormDialog>
  );
}
