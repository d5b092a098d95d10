/** An order of rows. */
export interface Sort<Column> {
  readonly column: Column;
  readonly isDescending: boolean;
}

/**
 * The order after a click on a column: texts ascend and numbers descend first, then the other way, then comes the usual order.
 *
 * @returns undefined for the usual order
 */
export function nextSort<Column>(
  sort: Sort<Column> | undefined,
  column: Column,
  isText: boolean,
): Sort<Column> | undefined {
  const first = !isText;
  if (sort?.column !== column) return { column, isDescending: first };
  return sort.isDescending === first ? { column, isDescending: !first } : undefined;
}

/** Sorts by a value; equal ones stay in their order, and those without a value are at the end. */
export function sortItems<Item>(
  items: readonly Item[],
  sortValue: (item: Item) => string | number | undefined,
  isDescending: boolean,
): readonly Item[] {
  const direction = isDescending ? -1 : 1;
  return items
    .map((item) => ({ item, value: sortValue(item) }))
    .sort(({ value: one }, { value: other }) => {
      if (one === other) return 0;
      if (one === undefined) return 1;
      if (other === undefined) return -1;
      return one < other ? -direction : direction;
    })
    .map(({ item }) => item);
}
