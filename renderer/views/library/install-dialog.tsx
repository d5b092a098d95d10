import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { limits } from "../../../shared/limits.ts";
import {
  filledIn,
  firstEntry,
  type InstallForm,
  installOptions,
  recallInstall,
  rememberInstall,
  usesSteps,
} from "../../state/builds/install-form.ts";
import { startInstall } from "../../state/builds/start-build.ts";
import { fileName } from "../../state/files/file-name.ts";
import { addressIssue, digestIssue, wholeNumberIssue } from "../../state/forms/field-issues.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { BootEntryField, IsoFactsList } from "./iso-fields.tsx";
import { useIsoFacts } from "./use-iso-facts.ts";
import "./iso-fields.css";

interface InstallDialogProps {
  readonly set: ImageSet;
  /** The opened ISO, if opening one led here. */
  readonly iso: string | undefined;
  /** The path of the steps file that is chosen at first. */
  readonly steps: string | undefined;
  readonly onClose: () => void;
}

/** Asks for the medium of a setup image's installation, and boots it. */
export function InstallDialog({ set, iso, steps, onClose }: InstallDialogProps) {
  const [form, setForm] = useState(
    (): InstallForm => ({ ...recallInstall(set, iso), ...(steps !== undefined && { steps }) }),
  );
  const change = (changed: Partial<InstallForm>) => setForm({ ...form, ...changed });
  const { source, path, url, sha256, bootEntry, machine } = form;
  const { facts, problem } = useIsoFacts(source === "file" ? path : undefined);
  const { size, memory } = filledIn(set, form, facts);
  const isAutomatic = usesSteps(set, form);
  return (
    <FormDialog
      title={`Install the setup image of ${set.name}`}
      description={
        isAutomatic
          ? "The virtual machine boots the ISO, and the steps install the guest. You can watch, pause and change them."
          : "The virtual machine boots the ISO, and you install the guest on its screen or serial console. Tinsmith records your steps. When the guest has shut down, you choose what to do with its disk."
      }
      action="Install setup image"
      onSubmit={async () => {
        await startInstall(set, installOptions(set, form, facts));
        rememberInstall(set, form);
      }}
      onClose={onClose}
    >
      {set.stepsFiles.length > 0 && (
        <Field
          label="Installed by"
          hint={
            isAutomatic
              ? set.stepsFiles.find(({ path }) => path === form.steps)?.note
              : "On the screen or the serial console."
          }
        >
          {(properties) => (
            <select
              {...properties}
              value={isAutomatic ? form.steps : ""}
              onChange={({ target }) => change({ steps: target.value || undefined })}
            >
              <option value="">You, by hand</option>
              {set.stepsFiles.map(({ path }) => (
                <option key={path} value={path}>
                  The steps of {fileName(path)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label="Boots from">
        {(properties) => (
          <select
            {...properties}
            value={source}
            onChange={({ target }) => change({ source: target.value as typeof source })}
          >
            {set.hasIso && <option value="recipe">The ISO that the recipe names</option>}
            <option value="file">An ISO on this host</option>
            <option value="address">An ISO to download</option>
          </select>
        )}
      </Field>
      {source === "file" && (
        <PathField
          label="ISO"
          name="iso"
          hint="The path of a file on the host that Tinsmith runs on."
          wanted={["iso"]}
          value={path}
          onChange={(path) => change({ path, bootEntry: firstEntry(set) })}
        />
      )}
      {facts && <IsoFactsList facts={facts} />}
      {facts && facts.entries.length > 0 && (
        <BootEntryField
          entries={facts.entries}
          value={bootEntry}
          onChange={(bootEntry) => change({ bootEntry })}
        />
      )}
      {problem && (
        <p className="iso-facts" role="alert">
          {problem}
        </p>
      )}
      {source === "address" && (
        <>
          <TextField
            label="Address"
            name="iso.url"
            hint="http or https. An interrupted download resumes, and the ISO is kept for the next time."
            issue={addressIssue(url)}
            className="mono"
            inputMode="url"
            value={url}
            onChange={(url) => change({ url })}
          />
          <TextField
            label="SHA-256"
            name="iso.sha256"
            hint="64 hexadecimal digits, from the publisher of the ISO."
            issue={digestIssue(sha256)}
            className="mono"
            spellCheck={false}
            value={sha256}
            onChange={(sha256) => change({ sha256 })}
          />
        </>
      )}
      <PathField
        label="Machine definition"
        name="machine"
        hint="Defines the hardware of the virtual machine."
        wanted={["machine"]}
        value={machine}
        onChange={(machine) => change({ machine })}
      />
      <div className="field-pair">
        <TextField
          label="Disk"
          name="size"
          hint={`GiB, from 1 to ${limits.diskSize}`}
          issue={size === "" ? "Enter a size in GiB." : wholeNumberIssue(size, limits.diskSize, "GiB")}
          inputMode="numeric"
          value={size}
          onChange={(size) => change({ size })}
        />
        <TextField
          label="Memory"
          name="memory"
          hint="MiB. Empty: the value in machine.json."
          issue={wholeNumberIssue(memory, limits.memory, "MiB")}
          inputMode="numeric"
          value={memory}
          onChange={(memory) => change({ memory })}
        />
      </div>
    </FormDialog>
  );
}
