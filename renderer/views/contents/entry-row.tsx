// biome-ignore-all lint/a11y/useSemanticElements: only rows of no table can be drawn each at its own place.
import { ChevronDown, ChevronRight, CircleAlert, Info, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { formatMode } from "../../../shared/contents/format-entry.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes, formatDate } from "../../../shared/text/format.ts";
import type { ImageRow } from "../../state/contents/image-tree.ts";
import { EntryIcon } from "./entry-icon.tsx";

interface EntryRowProps {
  readonly id: string;
  readonly row: ImageRow;
  /** Among all rows, with the heads: from 1. */
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly isChosen: boolean;
}

/** A line of the tree of an image: an entry, or a sentence about a folder. */
export function EntryRow({ id, row, index, top, isChosen }: EntryRowProps) {
  const { kind, depth, isOpen } = row;
  return (
    <div
      id={id}
      className="entry"
      data-kind={kind}
      role="row"
      tabIndex={-1}
      aria-rowindex={index}
      aria-level={depth + 1}
      aria-selected={isChosen}
      aria-expanded={isOpen}
      {...(kind === "entry" && { "aria-posinset": row.position, "aria-setsize": row.count })}
      style={{ translate: `0 ${top}px` }}
    >
      <span
        className="entry-name"
        role="gridcell"
        tabIndex={-1}
        style={{ paddingLeft: `calc(var(--space-2) + ${depth} * var(--space-4))` }}
      >
        {isOpen === undefined ? <span className="entry-fold" /> : <Fold isOpen={isOpen} />}
        {kind === "entry" ? <Name entry={row.entry} isOpen={isOpen ?? false} /> : <Sentence row={row} />}
      </span>
      {kind === "entry" && <Cells entry={row.entry} isPart={row.isPart ?? false} />}
    </div>
  );
}

function Fold({ isOpen }: { readonly isOpen: boolean }) {
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <span className="entry-fold" data-fold aria-hidden>
      <Icon size={14} />
    </span>
  );
}

function Name({ entry, isOpen }: { readonly entry: ContentEntry; readonly isOpen: boolean }) {
  const { name, target } = entry;
  return (
    <>
      <EntryIcon entry={entry} isOpen={isOpen} />
      <bdi className="entry-text" title={escapeName(name)}>
        {escapeName(name)}
      </bdi>
      {target !== undefined && <bdi className="entry-target">→ {escapeName(target)}</bdi>}
    </>
  );
}

function Cells({ entry, isPart }: { readonly entry: ContentEntry; readonly isPart: boolean }) {
  const { kind, size, allocated, device, uid, gid, modified } = entry;
  const isFile = kind === "file";
  return (
    <>
      <Cell name="size">{device ?? (isFile ? formatBytes(size) : "")}</Cell>
      <Cell name="allocated">{isFile && !isPart ? formatBytes(allocated) : ""}</Cell>
      <Cell name="mode">{entry.mode === undefined ? "" : formatMode(entry)}</Cell>
      <Cell name="owner">{uid === undefined ? "" : `${uid}:${gid}`}</Cell>
      <Cell name="time">{modified === undefined ? "" : formatDate(modified).slice(0, 16)}</Cell>
    </>
  );
}

function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <span className={`entry-${name}`} role="gridcell" tabIndex={-1}>
      {children}
    </span>
  );
}

function Sentence({ row }: { readonly row: Exclude<ImageRow, { kind: "entry" }> }) {
  const Icon = row.kind === "error" ? CircleAlert : row.kind === "reading" ? LoaderCircle : Info;
  const text = describeRow(row);
  return (
    <>
      <Icon className="entry-icon" size={14} aria-hidden />
      <span className="entry-text" title={text}>
        {text}
      </span>
    </>
  );
}

function describeRow(row: Exclude<ImageRow, { kind: "entry" }>): string {
  switch (row.kind) {
    case "reading":
      return "Reading…";
    case "empty":
      return "Empty";
    case "cut":
      return "This folder has more entries, which are not shown. Search for them by name.";
    case "note":
      return capitalizeMessage(row.text);
    case "error":
      return capitalizeMessage(row.error.message);
  }
}
