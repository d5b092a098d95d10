// biome-ignore-all lint/a11y/useSemanticElements: only rows of no table can be drawn each at its own place.
import { type EntrySort, entryColumns, nextEntrySort } from "../../state/contents/sort-entries.ts";

interface EntryHeadProps {
  readonly column: string;
  readonly name: string;
  readonly sort: EntrySort;
  readonly onSort: (sort: EntrySort) => void;
}

/** The name of a column of the tree; a click sorts by it, where that is of use. */
export function EntryHead({ column, name, sort, onSort }: EntryHeadProps) {
  const sortable = entryColumns.find((one) => one === column);
  const direction = sort.isDescending ? "descending" : "ascending";
  const isSorted = sort.column === column;
  return (
    <span
      className={`entry-${column}`}
      role="columnheader"
      tabIndex={-1}
      aria-sort={isSorted ? direction : undefined}
    >
      {sortable ? (
        <button
          type="button"
          className="entry-head-button"
          title={`Click to sort each folder by ${name.toLowerCase()}.`}
          onClick={() => onSort(nextEntrySort(sort, sortable))}
        >
          {name}
          {isSorted && <span aria-hidden>{sort.isDescending ? " ↓" : " ↑"}</span>}
        </button>
      ) : (
        name
      )}
    </span>
  );
}
