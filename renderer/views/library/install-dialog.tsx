import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { limits } from "../../../shared/limits.ts";
import { installByHand } from "../../state/builds/start-build.ts";
import { addressIssue, digestIssue, wholeNumberIssue } from "../../state/forms/field-issues.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface InstallDialogProps {
  readonly set: ImageSet;
  /** The opened ISO, if opening one led here. */
  readonly iso: string | undefined;
  readonly onClose: () => void;
}

/** Asks for the medium of a setup image's installation, and boots it. */
export function InstallDialog({ set, iso, onClose }: InstallDialogProps) {
  const [source, setSource] = useState<"recipe" | "file" | "address">(set.hasIso && !iso ? "recipe" : "file");
  const [path, setPath] = useState(iso ?? "");
  const [url, setUrl] = useState("");
  const [sha256, setSha256] = useState("");
  const [machine, setMachine] = useState(set.machineFile);
  const [size, setSize] = useState(`${set.diskSize}`);
  const [memory, setMemory] = useState("");
  const isoOf = {
    recipe: undefined,
    file: { path },
    address: { url: url.trim(), sha256: sha256.trim().toLowerCase() },
  };
  return (
    <FormDialog
      title={`Install the setup image of ${set.name}`}
      description="The virtual machine boots the ISO, and you install the guest on its screen or serial console. When the guest has shut down, you choose what to do with its disk."
      action="Install setup image"
      onSubmit={() =>
        installByHand(set, {
          iso: isoOf[source],
          machine,
          size: Number(size),
          ...(memory && { memory: Number(memory) }),
        })
      }
      onClose={onClose}
    >
      <Field label="Boots from">
        {(properties) => (
          <select
            {...properties}
            value={source}
            onChange={({ target }) => setSource(target.value as typeof source)}
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
          onChange={setPath}
        />
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
            onChange={setUrl}
          />
          <TextField
            label="SHA-256"
            name="iso.sha256"
            hint="64 hexadecimal digits, from the publisher of the ISO."
            issue={digestIssue(sha256)}
            className="mono"
            spellCheck={false}
            value={sha256}
            onChange={setSha256}
          />
        </>
      )}
      <PathField
        label="Machine definition"
        name="machine"
        hint="Defines the hardware of the virtual machine."
        wanted={["machine"]}
        value={machine}
        onChange={setMachine}
      />
      <div className="field-pair">
        <TextField
          label="Disk"
          name="size"
          hint={`GiB, from 1 to ${limits.diskSize}`}
          issue={size === "" ? "Enter a size in GiB." : wholeNumberIssue(size, limits.diskSize, "GiB")}
          inputMode="numeric"
          value={size}
          onChange={setSize}
        />
        <TextField
          label="Memory"
          name="memory"
          hint="MiB. Empty: the value in machine.json."
          issue={wholeNumberIssue(memory, limits.memory, "MiB")}
          inputMode="numeric"
          value={memory}
          onChange={setMemory}
        />
      </div>
    </FormDialog>
  );
}
