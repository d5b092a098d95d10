import { useState } from "react";
import type { SettingsChange } from "../../shared/settings.ts";
import { app } from "../api-client.ts";
import { desktop } from "../desktop.ts";
import { settings } from "../state/app-state.ts";
import { useStore } from "../state/store.ts";
import { BrowseButton } from "../ui/browse-button.tsx";
import { ErrorText } from "../ui/error-text.tsx";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import "../ui/path-input.css";
import "./settings-dialog.css";

const themeNames = { system: "As the system has it", light: "Light", dark: "Dark" } as const;
const acceleratorNames = { auto: "KVM where it works", tcg: "Always emulate" } as const;

/** What a person sets for the app. */
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
      action="Save"
      canSubmit={!problem}
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
            checked={value.keepFailed}
            onChange={({ target }) => set({ keepFailed: target.checked })}
          />
          <div>
            Keep the guest of a build that fails
            <span>So that you can type into it; it holds its memory until you end it.</span>
          </div>
        </label>
        <FolderList
          label="Workspace folders"
          hint="Folders with image sets, one a line. New image sets go into the first."
          value={value.workspaces}
          onChange={(workspaces) => set({ workspaces })}
        />
        <FolderList
          label="Folders of tools"
          hint="Where QEMU and other programs are looked for first, one a line; then the PATH."
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
  readonly hint: string;
  readonly value: readonly string[];
  readonly onChange: (folders: string[]) => void;
}

function FolderList({ label, hint, value, onChange }: FolderListProps) {
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
    <Field label={label} hint={hint}>
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
