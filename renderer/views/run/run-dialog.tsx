import { useState } from "react";
import { useStore } from "zustand";
import { imageName } from "../../../shared/session/run.ts";
import { app } from "../../client/api-client.ts";
import { findSlot, hasRules } from "../../state/builds/find-slot.ts";
import { library } from "../../state/connection/app-state.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { checkForm, inputOf } from "../../state/runs/run-form.ts";
import { type RunForm, recallRun, rememberRun } from "../../state/runs/run-history.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { PathField } from "../../ui/forms/path-field.tsx";
import { PathInput } from "../../ui/forms/path-input.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { TrustWarning } from "../trust/trust-warning.tsx";
import { useArchiveTrust } from "../trust/use-archive-trust.ts";

interface RunDialogProps {
  /** Chosen at first. */
  readonly archive: string;
  /** The first values; by default those of the last run of that image. */
  readonly form?: RunForm | undefined;
  readonly onClose: () => void;
}

const elsewhere = "";

/** Boots an image and lets its guest tools run a command. */
export function RunDialog({ archive: first, form: filledIn, onClose }: RunDialogProps) {
  const images = useImages();
  const [archive, setArchive] = useState(first);
  const [isElsewhere, setElsewhere] = useState(first === elsewhere);
  const [form, setForm] = useState(filledIn ?? recallRun(first));
  const trust = useArchiveTrust(archive, { isTyped: isElsewhere });
  const archiveIssue = trust.status === "failed" ? `The image can't be booted: ${trust.text}.` : undefined;
  const issues = checkForm(form);
  const [typed, setTyped] = useState<Partial<RunForm>>({});
  const change = (changed: Partial<RunForm>) => {
    setTyped({ ...typed, ...changed });
    setForm({ ...form, ...changed });
  };
  const choose = (chosen: string) => {
    setArchive(chosen);
    setForm({ ...recallRun(chosen), ...typed });
  };
  const [pcap, setPcap] = useSuggestedPath(form.recordsNetwork ? `${imageName(archive)}.pcap` : undefined);
  const [withRules, setWithRules] = useState(false);
  const canHaveRules = useStore(library, ({ value }) => {
    const found = findSlot(value?.sets ?? [], archive);
    return found !== undefined && hasRules(found.set);
  });
  const isListed = images.some(({ path }) => path === archive);
  return (
    <FormDialog
      title="Run an image"
      action="Run image"
      obstacle={trust.obstacle}
      onSubmit={async () => {
        const { session } = await app()
          .runs.start({
            ...inputOf(archive, form, pcap),
            withRules: canHaveRules && withRules,
            accepted: trust.accepted,
          })
          .catch(trust.examineAgain);
        rememberRun(archive, form);
        showSession({ id: session, kind: "run" });
      }}
      onClose={onClose}
    >
      <Field
        label="Image"
        name={isElsewhere ? undefined : "archive"}
        issue={isElsewhere ? undefined : archiveIssue}
        isFilled
      >
        {(properties) => (
          <select
            {...properties}
            value={isElsewhere ? elsewhere : archive}
            onChange={({ target }) => {
              setElsewhere(target.value === elsewhere);
              choose(target.value);
            }}
          >
            {!isListed && !isElsewhere && <option value={archive}>{archive}</option>}
            {images.map(({ path, title }) => (
              <option key={path} value={path}>
                {title}
              </option>
            ))}
            <option value={elsewhere}>Another archive…</option>
          </select>
        )}
      </Field>
      {isElsewhere && (
        <Field
          label="Path"
          name="archive"
          hint="An archive (.tar.lz4 or .tar.zst) on this host."
          issue={archive === "" ? "Enter a path." : archiveIssue}
        >
          {(properties) => (
            <PathInput
              {...properties}
              wanted={["archive"]}
              value={archive}
              onChange={choose}
              data-focus-first
            />
          )}
        </Field>
      )}
      {archiveIssue === undefined && <TrustWarning trust={trust} />}
      <TextField
        key={`${archive} command`}
        label="Command"
        name="command"
        hint="Run by sh -c in the guest."
        issue={issues.command}
        rows={2}
        data-focus-first={isElsewhere ? undefined : true}
        value={form.command}
        onChange={(command) => change({ command })}
      />
      <TextField
        key={`${archive} environment`}
        label="Environment"
        name="env"
        hint="NAME=VALUE, one per line."
        issue={issues.environment}
        rows={2}
        value={form.environment}
        onChange={(environment) => change({ environment })}
      />
      <div className="field-pair">
        <TextField
          label="Time-out"
          name="timeout"
          hint="Seconds. Empty: no time-out."
          issue={issues.timeout}
          inputMode="numeric"
          value={form.timeout}
          onChange={(timeout) => change({ timeout: timeout.trim() })}
        />
        <TextField
          label="Memory"
          name="memory"
          hint="MiB. Empty: the value in machine.json."
          issue={issues.memory}
          inputMode="numeric"
          value={form.memory}
          onChange={(memory) => change({ memory: memory.trim() })}
        />
      </div>
      <TextField
        label="Forwarded ports"
        name="forward"
        hint="HOST:GUEST: 2222:22 leads from port 2222 of 127.0.0.1 to the guest's port 22."
        issue={issues.forward}
        value={form.forward}
        onChange={(forward) => change({ forward })}
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={form.keepAlive}
          onChange={() => change({ keepAlive: !form.keepAlive })}
        />
        Leave the guest running afterwards
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={form.terminal}
          onChange={() => change({ terminal: !form.terminal })}
        />
        Use a terminal
      </label>
      <label className="choice">
        <input type="checkbox" checked={form.boots} onChange={() => change({ boots: !form.boots })} />
        Boot instead of continuing from a saved state
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={form.recordsNetwork}
          onChange={() => change({ recordsNetwork: !form.recordsNetwork })}
        />
        Record the network
      </label>
      {form.recordsNetwork && (
        <PathField
          label="Save as"
          name="pcap"
          hint="A new pcap file on the host, up to 256 MiB. It gets all packets, also tokens and passwords."
          wanted={["new-file"]}
          value={pcap}
          onChange={setPcap}
        />
      )}
      {canHaveRules && (
        <label className="choice">
          <input
            type="checkbox"
            checked={withRules}
            onChange={({ target }) => setWithRules(target.checked)}
          />
          Apply the rules of rules.yaml
        </label>
      )}
    </FormDialog>
  );
}

interface KnownImage {
  readonly path: string;
  readonly title: string;
}

/** The archives of the library that are there. */
function useImages(): readonly KnownImage[] {
  const known = useStore(library, (state) => state.value);
  if (!known) return [];
  const ofSets = known.sets.flatMap(({ name, setup, worker }) => [
    { title: `${name}: worker image`, archive: worker.archive },
    { title: `${name}: setup image`, archive: setup.archive },
  ]);
  const opened = known.archives.map((archive) => ({ title: archive.path, archive }));
  return [...ofSets, ...opened].flatMap(({ title, archive }) =>
    archive && !archive.problem ? { title, path: archive.path } : [],
  );
}
