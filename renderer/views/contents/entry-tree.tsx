// biome-ignore-all lint/a11y/useSemanticElements: only rows of no table can be drawn each at its own place.
import { useEffect, useId, useRef } from "react";
import type { ImageRow } from "../../state/contents/image-tree.ts";
import { readFolderAgain, setOpen } from "../../state/contents/opened-images.ts";
import type { EntrySort } from "../../state/contents/sort-entries.ts";
import { themePixels } from "../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { useTreeKeys } from "../../ui/rows/use-tree-keys.ts";
import { EntryHead } from "./entry-head.tsx";
import { EntryRow } from "./entry-row.tsx";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

/** The names of the columns, by which their cells are found in the style sheet. */
const columns = {
  name: "Name",
  size: "Size",
  allocated: "On disk",
  mode: "Mode",
  owner: "Owner",
  time: "Changed",
} as const;

interface EntryTreeProps {
  readonly image: string;
  readonly rows: readonly ImageRow[];
  readonly sort: EntrySort;
  readonly onSort: (sort: EntrySort) => void;
  /** The key of the chosen row. */
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** The tree of an image, of which only the visible rows are drawn. */
export function EntryTree({ image, rows, sort, onSort, chosen, onChoose }: EntryTreeProps) {
  const ids = useId();
  const list = useRowWindow({ count: rows.length, dropped: 0, follows: false, rowHeight, overscan: 8 });
  const at = rows.findIndex(({ key }) => key === chosen);
  const shown = useRef<string>(undefined);
  const { show } = list;
  useEffect(() => {
    if (at < 0 || shown.current === chosen) return;
    shown.current = chosen;
    show({ row: at, align: "sight" });
  }, [at, chosen, show]);
  const toggle = (row: ImageRow | undefined, isOpen = !row?.isOpen) => {
    if (row?.isOpen !== undefined) void setOpen(image, row.key, isOpen);
  };
  const act = (row: ImageRow | undefined) => {
    if (row?.kind === "error") void readFolderAgain(image, row.folder);
    else toggle(row);
  };
  const onKeyDown = useTreeKeys({
    lines: rows,
    at,
    onGo: (to) => {
      const key = rows[to]?.key ?? chosen;
      // A list that is gone through by keys scrolls by rows.
      shown.current = key;
      show({ row: to, align: "nearest" });
      onChoose(key);
    },
    onToggle: (to, isOpen) => toggle(rows[to], isOpen),
    onAct: (to) => act(rows[to]),
  });
  const onClick = ({ target }: React.MouseEvent) => {
    if (!(target instanceof Element)) return;
    const row = rows[Number(target.closest<HTMLElement>("[aria-rowindex]")?.ariaRowIndex) - 2];
    if (!row) return;
    onChoose(row.key);
    if (target.closest("[data-fold]")) toggle(row);
  };
  return (
    <div
      className="entries"
      role="treegrid"
      aria-label="Files in the image"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : `${ids}${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="entry-heads" role="row" aria-rowindex={1} tabIndex={-1}>
        {Object.entries(columns).map(([column, name]) => (
          <EntryHead key={column} column={column} name={name} sort={sort} onSort={onSort} />
        ))}
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the treegrid takes the keys for its rows. */}
      <div
        className="entry-list"
        role="rowgroup"
        ref={list.box}
        onScroll={list.onScroll}
        onClick={onClick}
        onDoubleClick={({ target }) =>
          target instanceof Element &&
          !target.closest("[data-fold]") &&
          act(rows[Number(target.closest<HTMLElement>("[aria-rowindex]")?.ariaRowIndex) - 2])
        }
      >
        <div style={{ height: list.height }} role="presentation">
          {list.numbers.map((number) => {
            const row = rows[number];
            return (
              row && (
                <EntryRow
                  key={row.key}
                  id={`${ids}${number}`}
                  row={row}
                  index={number + 2}
                  top={list.startOf(number)}
                  isChosen={number === at}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
