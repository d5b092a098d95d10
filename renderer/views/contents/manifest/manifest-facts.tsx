import type { ReactNode } from "react";
import { useStore } from "zustand";
import type { Manifest } from "../../../../shared/library/manifest.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { formatBytes, formatCount, formatDate, formatDigest } from "../../../../shared/text/format.ts";
import { sessions } from "../../../state/connection/app-state.ts";
import { showSession } from "../../../state/layout/session-panels.ts";

const kinds: Readonly<Record<Manifest["kind"], string>> = {
  setup: "Setup image, built by a recipe",
  worker: "Worker image, built by a recipe",
  build: "Built without a recipe",
  pack: "Packed from a folder",
  import: "Imported from the disk of another program",
  change: "Changed copy of another archive",
};

/** Everything that a manifest says. */
export function ManifestFacts({ manifest }: { readonly manifest: Manifest }) {
  const { archive, kind, made, files, recipe, session, inputs, tools, origin } = manifest;
  return (
    <div className="manifest">
      <dl className="facts">
        <Fact name="Made">
          {kinds[kind]}, {formatDate(Date.parse(made))}
        </Fact>
        {recipe && (
          <Fact name="Recipe">
            of {escapeName(recipe.set)} <Digest sha256={recipe.sha256} />
          </Fact>
        )}
        {session !== undefined && (
          <Fact name="Session">
            <SessionLink session={session} />
          </Fact>
        )}
        {origin && (
          <Fact name="Copy of">
            {escapeName(origin.name)} <Digest sha256={origin.sha256} />
          </Fact>
        )}
        <Fact name="Archive">
          {escapeName(archive.name)}, {formatBytes(archive.size)} <Digest sha256={archive.sha256} />
        </Fact>
        {files && (
          <Fact name="Files">
            {formatCount(files.entries, "file")} <Digest sha256={files.sha256} />
          </Fact>
        )}
      </dl>
      {origin && (
        <List
          title="Changed files"
          rows={origin.changes.map(({ path, change, size, sha256 }) => ({
            name: path,
            value: `${change}, ${formatBytes(size)}`,
            sha256,
          }))}
        />
      )}
      <List title="Inputs" rows={inputs.map(({ name, digest }) => ({ name, sha256: digest }))} />
      <List title="Tools" rows={Object.entries(tools).map(([name, value]) => ({ name, value }))} />
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Digest({ sha256 }: { readonly sha256: string }) {
  return (
    <span className="mono" title={`SHA-256: ${sha256}`}>
      {formatDigest(sha256)}
    </span>
  );
}

/** Leads to the tab of the session that made the image, if that is still there. */
function SessionLink({ session }: { readonly session: string }) {
  const found = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session));
  if (!found) return <>{session}, which is not on this host</>;
  return (
    <button type="button" className="link" onClick={() => showSession(found)}>
      {session}
    </button>
  );
}

interface ListProps {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value?: string; readonly sha256?: string }[];
}

function List({ title, rows }: ListProps) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="facts">
        {rows.map(({ name, value, sha256 }) => (
          <Fact key={`${name} ${sha256}`} name={escapeName(name)}>
            {value} {sha256 !== undefined && <Digest sha256={sha256} />}
          </Fact>
        ))}
      </dl>
    </section>
  );
}
