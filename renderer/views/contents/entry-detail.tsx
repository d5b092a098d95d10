import { Download } from "lucide-react";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import type { DiskPart, FolderContent } from "../../../shared/contents/folder-content.ts";
import { formatMode } from "../../../shared/contents/format-entry.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes, formatDate } from "../../../shared/text/format.ts";
import type { KnownFolder } from "../../state/contents/image-tree.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button } from "../../ui/button.tsx";
import { EntryIcon } from "./entry-icon.tsx";
import { FilePreview } from "./preview/file-preview.tsx";

interface EntryDetailProps {
  readonly image: string;
  /** The chosen entry; absent for the top of the image, and while it is not known. */
  readonly entry: ContentEntry | undefined;
  /** Its files, if they have been read. */
  readonly folder: KnownFolder | undefined;
  /** By a search in contents that has found it. */
  readonly sought: string | undefined;
  /** If it is a partition. */
  readonly part: DiskPart | undefined;
}

const kinds = {
  file: "File",
  folder: "Folder",
  symlink: "Symbolic link",
  fifo: "Named pipe",
  socket: "Socket",
  "char-device": "Character device",
  "block-device": "Block device",
} as const;

/** The chosen entry of an image: its metadata and, of a file, its content. */
export function EntryDetail({ image, entry, folder, sought, part }: EntryDetailProps) {
  if (!entry)
    return (
      <article className="entry-detail" aria-label="The chosen entry">
        <p className="entry-note">Choose a file to see its content.</p>
      </article>
    );
  const what = entry.kind === "folder" ? "folder" : "file";
  return (
    <article className="entry-detail" aria-label="The chosen entry">
      <header className="entry-head">
        <EntryIcon entry={entry} />
        <h2 title={escapeName(entry.path)}>{escapeName(entry.name)}</h2>
        {(entry.kind === "file" || entry.kind === "folder") && (
          <Button icon={Download} onClick={() => openDialog({ name: "save-content", image, entry })}>
            Download {what}…
          </Button>
        )}
      </header>
      <dl className="facts entry-facts">
        {factsOf(entry, folder, part).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={name === "Mode" || name === "Target" ? "mono" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      {part && folder?.error?.code === "usage" && (
        <p className="entry-note">Tinsmith finds no file system in this partition.</p>
      )}
      {entry.kind === "file" && !part && !folder?.content && (
        <FilePreview image={image} entry={entry} sought={sought} />
      )}
    </article>
  );
}

function factsOf(
  entry: ContentEntry,
  folder: KnownFolder | undefined,
  part: DiskPart | undefined,
): readonly (readonly [name: string, value: string])[] {
  const { kind, size, allocated, uid, gid, modified, target, device, links, mode } = entry;
  const system = entry.kind === "folder" ? undefined : folder?.content?.system;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      "Kind",
      system
        ? `${system.format}${system.label && `, “${escapeName(system.label)}”`}`
        : part
          ? (part.type ?? "Partition")
          : kinds[kind],
    ],
    ["Target", target && escapeName(target)],
    ["Device", device],
    ["Size", kind === "file" ? `${formatBytes(size)}${exactBytes(size)}` : undefined],
    [
      "On disk",
      kind === "file" && !part
        ? `${formatBytes(allocated)}${allocated < size ? ", with holes" : ""}`
        : undefined,
    ],
    ["Entries", folder?.content && countEntries(folder.content)],
    ["Used", system?.used === undefined ? undefined : formatUse(system.used, system.size)],
    ["Mode", mode === undefined ? undefined : `${formatMode(entry)} (${mode.toString(8).padStart(4, "0")})`],
    ["Owner", uid === undefined ? undefined : `user ${uid}, group ${gid ?? "?"}`],
    ["Changed", modified === undefined ? undefined : formatDate(modified)],
    ["Links", links > 1 && kind === "file" ? `${links}` : undefined],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function countEntries({ entries, isCut }: FolderContent): string {
  return `${entries.length.toLocaleString("en")}${isCut ? " or more" : ""}`;
}

function exactBytes(size: number): string {
  return size < 1000 ? "" : ` (${size.toLocaleString("en")} bytes)`;
}

function formatUse(used: number, size: number | undefined): string {
  return size === undefined ? formatBytes(used) : `${formatBytes(used)} of ${formatBytes(size)}`;
}
