import type { FileChange } from "../../../../shared/contents/compare-lists.ts";
import type { MetadataKey } from "../../../../shared/contents/entry.ts";
import type { ListedEntry } from "../../../../shared/contents/file-list.ts";
import { formatMode } from "../../../../shared/contents/format-entry.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { formatBytes, formatDate } from "../../../../shared/text/format.ts";
import type { ChangeRow } from "../../../state/contents/change-tree.ts";
import { FilePreview } from "../preview/file-preview.tsx";
import { changeMarks } from "./change-marks.ts";
import { FileDiff } from "./file-diff.tsx";
import type { ImagePair } from "./image-comparison-view.tsx";

interface ChangeDetailProps {
  readonly images: ImagePair;
  /** The chosen one. */
  readonly row: ChangeRow | undefined;
}

const metadataNames: Readonly<Record<MetadataKey, string>> = {
  kind: "Kind",
  mode: "Mode",
  uid: "User",
  gid: "Group",
  modified: "Changed",
  device: "Device",
};

/** The chosen change: metadata that differ, and the content before and after. */
export function ChangeDetail({ images: [first, second], row }: ChangeDetailProps) {
  const change = row?.change;
  if (!change)
    return (
      <article className="entry-detail" aria-label="The chosen difference">
        <p className="entry-note">Choose a file to see how it differs.</p>
      </article>
    );
  const { path, expected, before, after, metadata } = change;
  return (
    <article className="entry-detail" aria-label="The chosen difference">
      <header className="entry-head">
        <h2 title={escapeName(path)}>{escapeName(path)}</h2>
        <span className="change-kind" data-change={change.change}>
          {changeMarks[change.change].title}
        </span>
      </header>
      <dl className="facts entry-facts">
        {expected && <Fact name="Expected" value={expected} />}
        {sizeOf(change) && <Fact name="Size" value={sizeOf(change)} />}
        {metadata.map((key) => (
          <Fact
            key={key}
            name={metadataNames[key]}
            value={`${before ? showMetadata(before, key) : "none"} → ${after ? showMetadata(after, key) : "none"}`}
          />
        ))}
        {before?.target !== after?.target && (
          <Fact name="Target" value={`${before?.target ?? "none"} → ${after?.target ?? "none"}`} />
        )}
      </dl>
      {before?.kind === "file" && after?.kind === "file" && change.change === "changed" && (
        <FileDiff images={[first, second]} path={path} />
      )}
      {!before && after?.kind === "file" && <FilePreview image={second} entry={after} />}
      {!after && before?.kind === "file" && <FilePreview image={first} entry={before} />}
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{escapeName(value)}</dd>
    </div>
  );
}

function sizeOf({ before, after }: FileChange): string {
  const sizes = [before, after].flatMap((entry) => (entry?.kind === "file" ? [formatBytes(entry.size)] : []));
  return [...new Set(sizes)].join(" → ");
}

function showMetadata(entry: ListedEntry, key: MetadataKey): string {
  const value = entry[key];
  if (value === undefined) return "none";
  if (key === "mode") return formatMode(entry);
  return key === "modified" ? formatDate(entry.modified ?? 0) : `${value}`;
}
