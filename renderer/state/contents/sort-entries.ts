import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { nextSort, type Sort, sortItems } from "../store/sort.ts";

/** The columns that the entries of a folder can be sorted by. */
export const entryColumns = ["name", "size", "time"] as const;
export type EntryColumn = (typeof entryColumns)[number];
export type EntrySort = Sort<EntryColumn>;

/** The usual order: that of the engine's lists. */
export const byName: EntrySort = { column: "name", isDescending: false };

/** The order after a click on a column. */
export function nextEntrySort(sort: EntrySort, column: EntryColumn): EntrySort {
  return nextSort(sort, column, column === "name") ?? byName;
}

/** Sorts the entries of a folder, which are in the order of their names; those without a size or a time are at the end. */
export function sortEntries(
  entries: readonly ContentEntry[],
  { column, isDescending }: EntrySort,
): readonly ContentEntry[] {
  if (column === "name") return isDescending ? entries.toReversed() : entries;
  const sortValue = ({ kind, size, modified }: ContentEntry) =>
    column === "time" ? modified : kind === "file" ? size : undefined;
  return sortItems(entries, sortValue, isDescending);
}
