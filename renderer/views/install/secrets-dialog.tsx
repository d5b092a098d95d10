import { useState } from "react";
import type { ImageKind, ImageSet } from "../../../shared/library/library.ts";
import { buildImage } from "../../state/builds/start-build.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface SecretsDialogProps {
  readonly set: ImageSet;
  readonly image: ImageKind;
  /** The failed session whose work is used again, where that is sound. */
  readonly retry?: string | undefined;
  /** Builds also an image that is up to date. */
  readonly force?: boolean | undefined;
  /** The names of the secrets. */
  readonly secrets: readonly string[];
  readonly onClose: () => void;
}

/** Asks for the secrets that the install steps type, and starts the build. */
export function SecretsDialog({ set, image, retry, force, secrets, onClose }: SecretsDialogProps) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const given = Object.fromEntries(secrets.map((name) => [name, values[name] ?? ""]));
  const isEmpty = secrets.some((name) => given[name] === "");
  return (
    <FormDialog
      title={`Secrets for ${set.name}`}
      description="The install steps type them. Tinsmith does not store them."
      action={`Rebuild ${image}`}
      obstacle={isEmpty ? "Give each secret" : undefined}
      onSubmit={() => buildImage(set, image, { retry, force, secrets: given })}
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
