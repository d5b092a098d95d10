import { ChevronDown, ChevronRight, Download, File } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { IconButton } from "../../ui/button.tsx";
import { themePixels } from "../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { useTreeKeys } from "../../ui/rows/use-tree-keys.ts";
import { findFolder, rowsOf, type TreeRow, treeOf } from "./folder-tree.ts";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

interface FileTreeProps {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The folder that was listed: it is where the tree begins. */
  readonly from: string;
  /** Opens all folders, so that all files are seen. */
  readonly isAllOpen: boolean;
  readonly canDownload: boolean;
  readonly onDownload: (path: string) => void;
}

/** A listing as a tree, of which only the visible rows are drawn. Names are escaped, so that they can do no harm. */
export function FileTree({ files, from, isAllOpen, canDownload, onDownload }: FileTreeProps) {
  const ids = useId();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string>();
  const tree = useMemo(() => findFolder(treeOf(files), from), [files, from]);
  const rows = useMemo(() => rowsOf(tree, (path) => isAllOpen || open.has(path)), [tree, isAllOpen, open]);
  const list = useRowWindow({ count: rows.length, dropped: 0, follows: false, rowHeight, overscan: 8 });
  const toggle = (path: string, wanted = !open.has(path)) => {
    const next = new Set(open);
    if (wanted) next.add(path);
    else next.delete(path);
    setOpen(next);
  };
  const act = (row: TreeRow) => {
    if (row.kind === "folder") toggle(row.path);
    else if (canDownload && canBeFetched(row)) onDownload(row.path);
  };
  const index = rows.findIndex(({ path }) => path === chosen);
  const move = (to: number) => {
    setChosen(rows[to]?.path);
    list.show({ row: to, align: "nearest" });
  };
  const onKeyDown = useTreeKeys({
    lines: rows,
    at: index,
    onGo: move,
    onToggle: (at, isWanted) => toggle((rows[at] as TreeRow).path, isWanted),
    onAct: (at) => act(rows[at] as TreeRow),
  });
  return (
    <div
      className="file-tree"
      ref={list.box}
      onScroll={list.onScroll}
      role="tree"
      aria-label="Files"
      tabIndex={0}
      aria-activedescendant={index >= 0 ? `${ids}${index}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: list.height }} role="presentation">
        {list.numbers.map((at) => {
          const row = rows[at];
          return (
            row && (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its rows.
              <div
                key={row.path}
                id={`${ids}${at}`}
                className="file"
                role="treeitem"
                tabIndex={-1}
                aria-level={row.depth + 1}
                aria-selected={row.path === chosen}
                {...(row.kind === "folder" && { "aria-expanded": row.isOpen })}
                style={{
                  translate: `0 ${list.startOf(at)}px`,
                  paddingLeft: `calc(var(--space-2) + ${row.depth} * var(--space-4))`,
                }}
                onClick={() => {
                  setChosen(row.path);
                  if (row.kind === "folder") toggle(row.path);
                }}
                onDoubleClick={() => row.kind === "file" && act(row)}
              >
                <RowIcon row={row} />
                <bdi className="file-name">{escapeName(row.name)}</bdi>
                {row.kind === "folder" && (
                  <span className="file-count">{row.count.toLocaleString("en")}</span>
                )}
                {row.kind === "file" && (
                  <IconButton
                    icon={Download}
                    label={`Download ${escapeName(row.name)}`}
                    disabledReason={whyNotFetched(row, canDownload)}
                    tabIndex={-1}
                    onClick={() => act(row)}
                  />
                )}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function whyNotFetched(row: TreeRow, canDownload: boolean): string | undefined {
  if (!canBeFetched(row)) return "its name is not UTF-8, so the guest can't be asked for it";
  return canDownload ? undefined : "the run has ended";
}

/** A name that is not UTF-8 arrives with a replacement for what could not be read, by which the guest has no file. */
function canBeFetched({ name }: TreeRow): boolean {
  return !name.includes("\uFFFD");
}

function RowIcon({ row }: { readonly row: TreeRow }) {
  const Icon = row.kind === "file" ? File : row.isOpen ? ChevronDown : ChevronRight;
  return <Icon size={14} aria-hidden />;
}
