import { ChevronDown, ChevronRight } from "lucide-react";
import { useId } from "react";
import { describeChange, formatGrowth } from "../../../../shared/contents/describe-change.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { formatCount } from "../../../../shared/text/format.ts";
import type { ChangeRow } from "../../../state/contents/change-tree.ts";
import { themePixels } from "../../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../../ui/rows/use-row-window.ts";
import { useTreeKeys } from "../../../ui/rows/use-tree-keys.ts";
import { EntryIcon } from "../entry-icon.tsx";
import { changeMarks } from "./change-marks.ts";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

/** Times have no room in a row: the details show them. */
const rowStyle = { arrow: "→", hidesTimes: true } as const;

interface ChangeTreeProps {
  readonly rows: readonly ChangeRow[];
  /** The key of the chosen row. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
  readonly onToggle: (key: string, isOpen: boolean) => void;
}

/** The tree of the files that differ, of which only the visible rows are drawn. */
export function ChangeTree({ rows, chosen, onChoose, onToggle }: ChangeTreeProps) {
  const ids = useId();
  const list = useRowWindow({ count: rows.length, dropped: 0, follows: false, rowHeight, overscan: 8 });
  const at = rows.findIndex(({ key }) => key === chosen);
  const toggle = (row: ChangeRow | undefined, isOpen = !row?.isOpen) => {
    if (row?.isOpen !== undefined) onToggle(row.key, isOpen);
  };
  const onKeyDown = useTreeKeys({
    lines: rows,
    at,
    onGo: (to) => {
      const row = rows[to];
      if (row) onChoose(row.key);
      list.show({ row: to, align: "nearest" });
    },
    onToggle: (to, isOpen) => toggle(rows[to], isOpen),
    onAct: (to) => toggle(rows[to]),
  });
  return (
    <div
      className="entry-list changes"
      ref={list.box}
      role="tree"
      aria-label="Files that differ"
      aria-activedescendant={at < 0 ? undefined : `${ids}${at}`}
      tabIndex={0}
      onScroll={list.onScroll}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: list.height }} role="presentation">
        {list.numbers.map((number) => {
          const row = rows[number];
          if (!row) return null;
          const { key, depth, name, isOpen, change, growth, count } = row;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its rows.
            <div
              key={key}
              id={`${ids}${number}`}
              className="change"
              role="treeitem"
              tabIndex={-1}
              aria-level={depth + 1}
              aria-selected={number === at}
              aria-expanded={isOpen}
              data-change={change?.change}
              style={{
                translate: `0 ${list.startOf(number)}px`,
                paddingLeft: `calc(var(--space-2) + ${depth} * var(--space-4))`,
              }}
              onClick={() => {
                onChoose(key);
                toggle(row);
              }}
            >
              <Fold isOpen={isOpen} />
              {change && (
                <span className="change-mark" role="img" aria-label={changeMarks[change.change].title}>
                  {changeMarks[change.change].mark}
                </span>
              )}
              <EntryIcon entry={iconOf(row)} isOpen={isOpen ?? false} />
              <bdi className="entry-text">{escapeName(name)}</bdi>
              {change?.expected && <span className="change-expected">{change.expected}</span>}
              <span className="change-sizes">
                {isOpen === undefined
                  ? change && describeChange(change, rowStyle)
                  : formatCount(count, "difference")}
              </span>
              <span className="change-growth">{growth === 0 ? "" : formatGrowth(growth)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Fold({ isOpen }: { readonly isOpen: boolean | undefined }) {
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <span className="entry-fold" aria-hidden>
      {isOpen !== undefined && <Icon size={14} />}
    </span>
  );
}

function iconOf({ isOpen, change }: ChangeRow) {
  const entry = change?.after ?? change?.before;
  return { kind: entry?.kind ?? (isOpen === undefined ? "file" : "folder"), mayHoldFiles: false } as const;
}
