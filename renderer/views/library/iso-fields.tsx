import { describeBoots, describeSystem, findBootEntry } from "../../../shared/library/describe-iso-facts.ts";
import type { IsoFacts } from "../../../shared/library/iso-facts.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { Field } from "../../ui/forms/field.tsx";

/** The facts about a chosen ISO, and its problems. */
export function IsoFactsList({ facts }: { readonly facts: IsoFacts }) {
  const { label, size, boots, notes, distribution } = facts;
  const suggested = distribution?.suggested;
  return (
    <div className="iso-facts" role="status">
      <dl className="facts" aria-label="The ISO">
        <dt>System</dt>
        <dd>{describeSystem(facts)}</dd>
        <dt>Label</dt>
        <dd>{label || "none"}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(size)}</dd>
        <dt>Boots</dt>
        <dd>{describeBoots(boots)}</dd>
        {suggested && (
          <>
            <dt>Suggested</dt>
            <dd>
              {suggested.size} GiB disk, {suggested.memory} MiB memory
            </dd>
          </>
        )}
      </dl>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

interface BootEntryFieldProps {
  readonly entries: IsoFacts["entries"];
  /** The title or number of the chosen entry; empty for the CD. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Chooses between the ISO's own boot loader and one of its kernels. */
export function BootEntryField({ entries, value, onChange }: BootEntryFieldProps) {
  const chosen = findBootEntry(entries, value);
  const hint = chosen
    ? `Tinsmith boots ${chosen.kernel} with a serial console while the disk doesn't boot. Parameters: ${chosen.parameters || "none"}`
    : "The ISO's boot loader starts. Choose a kernel for a serial console, which few ISOs have.";
  return (
    <Field label="Boot entry" name="bootEntry" hint={hint}>
      {(properties) => (
        <select {...properties} value={chosen?.title ?? ""} onChange={({ target }) => onChange(target.value)}>
          <option value="">Boot from the CD</option>
          {entries.map(({ title }) => (
            <option key={title}>{title}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
