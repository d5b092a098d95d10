import { formatBytes } from "../text/format.ts";
import type { ChangeKind, FileChange } from "./compare-lists.ts";
import type { MetadataKey } from "./entry.ts";
import type { ListedEntry } from "./file-list.ts";
import { formatMode } from "./format-entry.ts";

/** One letter for each kind of change, as version control has them. */
const changeLetters: Readonly<Record<ChangeKind, string>> = {
  added: "A",
  removed: "D",
  changed: "M",
  metadata: "m",
};

/** A line about a change: `M /etc/motd: 5 bytes -> 6 bytes`; the reason, if two builds from the same may differ there. */
export function formatChange(change: FileChange): string {
  const { path, expected } = change;
  const reason = expected === undefined ? "" : ` (${expected})`;
  return `${changeLetters[change.change]} ${path}: ${describeChange(change)}${reason}`;
}

/** A number of bytes with its sign: `+1.2 MB`, `-3 bytes`. */
export function formatGrowth(bytes: number): string {
  return `${bytes < 0 ? "-" : "+"}${formatBytes(Math.abs(bytes))}`;
}

interface ChangeStyle {
  /** Between the state before and after. */
  readonly arrow?: string;
  /** Only names a time that differs. */
  readonly hidesTimes?: boolean;
}

/** The change at a path, without the path: `5.4 MB -> 6.6 MB`, `mode -rw-r--r-- -> -rw-------`. */
export function describeChange(
  { before, after, change, metadata }: FileChange,
  { arrow = "->", hidesTimes = false }: ChangeStyle = {},
): string {
  const sizeOf = (entry: ListedEntry | undefined) => describeSize(entry, arrow);
  if (change === "added" || change === "removed") return sizeOf(after ?? before);
  const content = change === "changed" ? [`${sizeOf(before)} ${arrow} ${sizeOf(after)}`] : [];
  const others = metadata
    // A file with another content was also changed at another time.
    .filter((key) => change === "metadata" || key !== "modified")
    .map((key) =>
      key === "modified" && hidesTimes
        ? metadataNames[key]
        : `${metadataNames[key]} ${show(key, before)} ${arrow} ${show(key, after)}`,
    );
  return [...content, ...others].join(", ");
}

const metadataNames: Readonly<Record<MetadataKey, string>> = {
  kind: "kind",
  mode: "mode",
  uid: "owner",
  gid: "group",
  modified: "time",
  device: "device",
};

function show(key: MetadataKey, entry: ListedEntry | undefined): string {
  const value = entry?.[key];
  if (!entry || value === undefined) return "none";
  if (key === "mode") return formatMode(entry);
  if (key === "modified") return new Date(Number(value)).toISOString();
  return `${value}`;
}

function describeSize(entry: ListedEntry | undefined, arrow: string): string {
  if (entry?.kind === "symlink") return `${arrow} ${entry.target}`;
  return entry?.kind === "file" ? formatBytes(entry.size) : (entry?.kind ?? "");
}
