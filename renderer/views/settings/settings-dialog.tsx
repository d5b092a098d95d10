import { useState } from "react";
import { useStore } from "zustand";
import type { SettingsChange } from "../../../shared/app/settings.ts";
import { app } from "../../client/api-client.ts";
import { desktop } from "../../client/desktop.ts";
import { settings } from "../../state/connection/app-state.ts";
import { foldersIssue } from "../../state/forms/field-issues.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { BrowseButton } from "../../ui/forms/browse-button.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { RetentionFields } from "./retention-fields.tsx";
import "../../ui/forms/path-input.css";
import "./settings-dialog.css";

const themeNames = { system: "Same as the system", light: "Light", dark: "Dark" } as const;
const acceleratorNames = { auto: "KVM if it works", tcg: "Always emulate" } as const;

/** The person's settings for the app. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const current = useStore(settings, (state) => state.value);
  const [change, setChange] = useState<SettingsChange>({});
  if (!current) return null;
  const { problem } = current;
  const value = { ...current, ...change };
  const set = (part: SettingsChange) => setChange({ ...change, ...part });
  return (
    <FormDialog
      title="Settings"
      action="Save settings"
      obstacle={problem && "The settings can't be changed"}
      onSubmit={async () => {
        await app().settings.change(change);
      }}
      onClose={onClose}
    >
      {problem && <ErrorText error={problem} />}
      <fieldset className="settings" disabled={!!problem}>
        <Field label="Theme">
          {(properties) => (
            <Choice
              {...properties}
              names={themeNames}
              value={value.theme}
              onChange={(theme) => set({ theme })}
            />
          )}
        </Field>
        <Field
          label="Accelerator"
          hint="Guests run many times faster under KVM; Doctor says whether it works here."
        >
          {(properties) => (
            <Choice
              {...properties}
              names={acceleratorNames}
              value={value.accelerator}
              onChange={(accelerator) => set({ accelerator })}
            />
          )}
        </Field>
        <label className="choice">
          <input
            type="checkbox"
            checked={value.screenReader}
            onChange={({ target }) => set({ screenReader: target.checked })}
          />
          <div>
            Screen reader support in consoles and shells
            <span>They then announce their output. This slows down long output.</span>
          </div>
        </label>
        <label className="choice">
          <input
            type="checkbox"
            checked={value.keepFailed}
            onChange={({ target }) => set({ keepFailed: target.checked })}
          />
          <div>
            Keep the guest of a build that fails
            <span>You can then inspect the guest. It uses its memory until you stop it.</span>
          </div>
        </label>
        <RetentionFields value={value.retention} onChange={(retention) => set({ retention })} />
        <FolderList
          label="Workspace folders"
          name="workspaces"
          hint="Folders with image sets, one per line. New image sets go into the first."
          value={value.workspaces}
          onChange={(workspaces) => set({ workspaces })}
        />
        <FolderList
          label="Tool folders"
          name="toolFolders"
          hint="One per line. Tinsmith looks for QEMU and other programs here first, then on the PATH."
          value={value.toolFolders}
          onChange={(toolFolders) => set({ toolFolders })}
        />
      </fieldset>
    </FormDialog>
  );
}

interface ChoiceProps<Key extends string> {
  readonly id: string;
  readonly names: Readonly<Record<Key, string>>;
  readonly value: Key;
  readonly onChange: (value: Key) => void;
}

function Choice<Key extends string>({ names, value, onChange, ...properties }: ChoiceProps<Key>) {
  return (
    <select {...properties} value={value} onChange={({ target }) => onChange(target.value as Key)}>
      {Object.entries<string>(names).map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface FolderListProps {
  readonly label: string;
  readonly name: string;
  readonly hint: string;
  readonly value: readonly string[];
  readonly onChange: (folders: string[]) => void;
}

function FolderList({ label, name, hint, value, onChange }: FolderListProps) {
  const [text, setText] = useState(value.join("\n"));
  const change = (changed: string) => {
    setText(changed);
    onChange(
      changed
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    );
  };
  return (
    <Field label={label} name={name} hint={hint} issue={foldersIssue(text)} isFilled={text !== ""}>
      {(properties) => (
        <div className="path-input">
          <textarea
            {...properties}
            className="text-input mono"
            rows={2}
            value={text}
            onChange={({ target }) => change(target.value)}
          />
          {desktop() && (
            <BrowseButton
              wanted="folder"
              startAt={value.at(-1) ?? ""}
              onChoose={(folder) => change([...value, folder].join("\n"))}
            />
          )}
        </div>
      )}
    </Field>
  );
}
