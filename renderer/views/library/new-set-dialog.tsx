import { useState } from "react";
import { type Template, templates } from "../../../shared/library.ts";
import { app } from "../../api-client.ts";
import { settings } from "../../state/app-state.ts";
import { chooseSet } from "../../state/chosen-set.ts";
import { useStore } from "../../state/store.ts";
import { sayDone } from "../../state/toasts.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";

/** Makes a folder with a recipe, from a template. */
export function NewSetDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<Template>("microcore");
  const workspace = useStore(settings, (state) => state.value?.workspaces[0]);
  const isWrong = name !== "" && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
  return (
    <FormDialog
      title="New image set"
      description={workspace && `A folder with a recipe, in ${workspace}.`}
      action="Make it"
      canSubmit={name !== "" && !isWrong}
      onSubmit={async () => {
        const { folder } = await app().library.createSet({ name, template });
        chooseSet(folder);
        sayDone(`${folder} is there.`);
      }}
      onClose={onClose}
    >
      <Field
        label="Name"
        isWrong={isWrong}
        hint={isWrong ? "Letters, digits, dots, dashes and underscores, a letter or digit first." : undefined}
      >
        {(properties) => (
          <input
            {...properties}
            value={name}
            onChange={({ target }) => setName(target.value)}
            autoComplete="off"
          />
        )}
      </Field>
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
