import { useState } from "react";
import { app } from "../api-client.ts";
import { library } from "../state/app-state.ts";
import { type RunForm, recallRun, rememberRun } from "../state/known-commands.ts";
import { checkForm, inputOf } from "../state/run-form.ts";
import { showSession } from "../state/session-panels.ts";
import { useStore } from "../state/store.ts";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { PathInput } from "../ui/path-input.tsx";
import { TrustWarning } from "./trust-warning.tsx";

interface RunDialogProps {
  /** Chosen at first. */
  readonly archive: string;
  /** Filled in at first; else what was last run in that image. */
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
  const [trust, setTrust] = useState<"unknown" | "asks" | "given">("unknown");
  const issues = checkForm(form);
  const change = (changed: Partial<RunForm>) => setForm({ ...form, ...changed });
  const choose = (chosen: string) => {
    setArchive(chosen);
    setTrust("unknown");
    setForm(recallRun(chosen));
  };
  const isListed = images.some(({ path }) => path === archive);
  return (
    <FormDialog
      title="Run an image"
      action="Run"
      canSubmit={Object.keys(issues).length === 0 && archive !== "" && trust !== "asks"}
      onSubmit={async () => {
        const { session } = await app().runs.start(inputOf(archive, form));
        rememberRun(archive, form);
        showSession({ id: session, kind: "run" });
      }}
      onClose={onClose}
    >
      <Field label="Image">
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
            <option value={elsewhere}>From elsewhere…</option>
          </select>
        )}
      </Field>
      {isElsewhere && (
        <Field label="Path" hint="Of an archive (.tar.lz4 or .tar.zst) on this host.">
          {(properties) => (
            <PathInput {...properties} wanted={["archive"]} value={archive} onChange={choose} />
          )}
        </Field>
      )}
      <TrustWarning archive={archive} isTrusted={trust === "given"} onTrust={setTrust} />
      <LinesField
        label="Command"
        hint="Run by sh -c in the guest."
        issue={issues.command}
        value={form.command}
        onChange={(command) => change({ command })}
      />
      <LinesField
        label="Environment"
        hint="NAME=VALUE, one a line."
        issue={issues.environment}
        value={form.environment}
        onChange={(environment) => change({ environment })}
      />
      <div className="field-pair">
        <Field
          label="Time-out"
          hint={issues.timeout ?? "Seconds; none when empty."}
          isWrong={issues.timeout !== undefined}
        >
          {(properties) => (
            <input
              {...properties}
              inputMode="numeric"
              value={form.timeout}
              onChange={({ target }) => change({ timeout: target.value.trim() })}
            />
          )}
        </Field>
        <Field
          label="Memory"
          hint={issues.memory ?? "MiB; the machine's own when empty."}
          isWrong={issues.memory !== undefined}
        >
          {(properties) => (
            <input
              {...properties}
              inputMode="numeric"
              value={form.memory}
              onChange={({ target }) => change({ memory: target.value.trim() })}
            />
          )}
        </Field>
      </div>
      <label className="choice">
        <input
          type="checkbox"
          checked={form.keepAlive}
          onChange={() => change({ keepAlive: !form.keepAlive })}
        />
        Leave the guest running afterwards
      </label>
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

interface LinesFieldProps {
  readonly label: string;
  readonly hint: string;
  /** What is wrong with it, in place of the hint. */
  readonly issue: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function LinesField({ label, hint, issue, value, onChange }: LinesFieldProps) {
  return (
    <Field label={label} hint={issue ?? hint} isWrong={issue !== undefined}>
      {(properties) => (
        <textarea
          {...properties}
          className="mono"
          rows={2}
          spellCheck={false}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
