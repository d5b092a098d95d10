import { useState } from "react";
import { useStore } from "zustand";
import { library } from "../../state/connection/app-state.ts";
import { Field } from "../../ui/forms/field.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";

interface MachineFieldProps {
  /** The path of a machine definition; undefined for the usual hardware. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const other = "other";

/** Chooses the machine definition of an image: the usual one, that of an image set, or another file. */
export function MachineField({ value, onChange }: MachineFieldProps) {
  const sets = useStore(library, (state) => state.value?.sets) ?? [];
  const [isOther, setOther] = useState(false);
  return (
    <>
      <Field
        label="Machine definition"
        name={isOther ? "machine-choice" : "machine"}
        hint="The hardware of the virtual machine that boots the disk."
      >
        {(properties) => (
          <select
            {...properties}
            value={isOther ? other : (value ?? "")}
            onChange={({ target }) => {
              setOther(target.value === other);
              onChange(target.value === other ? "" : target.value || undefined);
            }}
          >
            <option value="">The usual hardware</option>
            {sets.map(({ name, folder, machineFile }) => (
              <option key={folder} value={machineFile}>
                That of {name}
              </option>
            ))}
            <option value={other}>Another file…</option>
          </select>
        )}
      </Field>
      {isOther && (
        <PathField
          label="Machine definition file"
          name="machine"
          hint="A machine.json on the host that Tinsmith runs on."
          wanted={["machine"]}
          value={value ?? ""}
          onChange={onChange}
        />
      )}
    </>
  );
}
