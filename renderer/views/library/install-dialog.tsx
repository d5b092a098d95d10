import { useState } from "react";
import type { ImageSet } from "../../../shared/library.ts";
import { installByHand } from "../../state/builds.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { PathInput } from "../../ui/path-input.tsx";

interface InstallDialogProps {
  readonly set: ImageSet;
  /** The ISO that was opened, if that is what asked for this. */
  readonly iso: string | undefined;
  readonly onClose: () => void;
}

/** Asks what a person wants to install a setup image from, and boots it. */
export function InstallDialog({ set, iso, onClose }: InstallDialogProps) {
  const [source, setSource] = useState<"recipe" | "file" | "address">(set.hasIso && !iso ? "recipe" : "file");
  const [path, setPath] = useState(iso ?? "");
  const [url, setUrl] = useState("");
  const [sha256, setSha256] = useState("");
  const [machine, setMachine] = useState(set.machineFile);
  const [size, setSize] = useState(set.diskSize);
  const [memory, setMemory] = useState("");
  const isoOf = {
    recipe: undefined,
    file: { path },
    address: { url: url.trim(), sha256: sha256.trim().toLowerCase() },
  };
  const isChosen = { recipe: true, file: path !== "", address: url !== "" && sha256 !== "" }[source];
  const canBoot = isChosen && machine !== "";
  return (
    <FormDialog
      title={`Install the setup image of ${set.name}`}
      description="The virtual machine boots the ISO; you install in its screen or its serial console. When it is off, you say what becomes of it."
      action="Boot it"
      canSubmit={canBoot}
      onSubmit={() =>
        installByHand(set, { iso: isoOf[source], machine, size, ...(memory && { memory: Number(memory) }) })
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
            {set.hasIso && <option value="recipe">the ISO that the recipe names</option>}
            <option value="file">an ISO on this host</option>
            <option value="address">an ISO to be fetched</option>
          </select>
        )}
      </Field>
      {source === "file" && (
        <Field label="ISO" hint="The path of a file on the host that Tinsmith runs on.">
          {(properties) => <PathInput {...properties} wanted={["iso"]} value={path} onChange={setPath} />}
        </Field>
      )}
      {source === "address" && (
        <>
          <Field
            label="Address"
            hint="http or https. What breaks off goes on where it was, and is kept for the next time."
          >
            {(properties) => (
              <input
                {...properties}
                className="mono"
                type="url"
                required
                value={url}
                onChange={({ target }) => setUrl(target.value)}
              />
            )}
          </Field>
          <Field label="SHA-256" hint="64 hexadecimal digits, as the ISO's publisher tells them.">
            {(properties) => (
              <input
                {...properties}
                className="mono"
                required
                pattern="\s*[0-9a-fA-F]{64}\s*"
                spellCheck={false}
                autoComplete="off"
                value={sha256}
                onChange={({ target }) => setSha256(target.value)}
              />
            )}
          </Field>
        </>
      )}
      <Field label="Machine" hint="The machine definition: its hardware.">
        {(properties) => (
          <PathInput {...properties} wanted={["machine"]} value={machine} onChange={setMachine} />
        )}
      </Field>
      <div className="field-pair">
        <Field label="Disk" hint="GiB, from 1 to 49">
          {(properties) => (
            <input
              {...properties}
              type="number"
              min={1}
              max={49}
              required
              value={size}
              onChange={({ target }) => setSize(target.valueAsNumber)}
            />
          )}
        </Field>
        <Field label="Memory" hint="MiB; empty for what machine.json says">
          {(properties) => (
            <input
              {...properties}
              type="number"
              min={1}
              value={memory}
              onChange={({ target }) => setMemory(target.value)}
            />
          )}
        </Field>
      </div>
    </FormDialog>
  );
}
