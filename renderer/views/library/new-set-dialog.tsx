import { useState } from "react";
import { useStore } from "zustand";
import { type Template, templates } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { chooseSet } from "../../state/builds/chosen-set.ts";
import { settings } from "../../state/connection/app-state.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

/** Makes a folder with a recipe, from a template. */
export function NewSetDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<Template>("microcore");
  const workspace = useStore(settings, (state) => state.value?.workspaces[0]);
  return (
    <FormDialog
      title="Create an image set"
      description={workspace && `A folder with a recipe, in ${workspace}.`}
      action="Create image set"
      onSubmit={async () => {
        const { folder } = await app().library.createSet({ name, template });
        chooseSet(folder);
        sayDone(`${folder} was created.`);
      }}
      onClose={onClose}
    >
      <TextField label="Name" name="name" issue={nameIssue(name)} value={name} onChange={setName} />
      <fieldset className="choices">
        <legend>Starting from</legend>
        {Object.entries(templates).map(([key, text]) => (
          <label key={key} className="choice">
            <input
              type="radio"
              name="template"
              checked={template === key}
              onChange={() => setTemplate(key as Template)}
            />
            {text}
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}

function nameIssue(name: string): string | undefined {
  if (name === "") return "Enter a name.";
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return undefined;
  return "Use letters, digits, dots, dashes and underscores only, and begin with a letter or digit.";
}
