import { type Exchange, type Exchanges, findNumbered, type GuestAction } from "../../state/exchanges.ts";

/** A row of the action log: an exchange, or the head of an action's group. */
export type LogRow =
  | { readonly kind: "exchange"; readonly exchange: Exchange; readonly isGrouped: boolean }
  | { readonly kind: "action"; readonly action: GuestAction };

/** The rows of the action log, each made when it is asked for: of most only the number counts. */
export interface LogRows {
  readonly count: number;
  readonly at: (index: number) => LogRow | undefined;
  readonly indexOf: (selection: Selection) => number;
}

/** All exchanges that are shown, one after another. */
export function listExchanges(shown: readonly Exchange[]): LogRows {
  return {
    count: shown.length,
    at: (index) => {
      const exchange = shown[index];
      return exchange && { kind: "exchange", exchange, isGrouped: false };
    },
    indexOf: ({ kind, number }) =>
      kind === "exchange" ? shown.findIndex((exchange) => exchange.number === number) : -1,
  };
}

/** What is chosen in the action log. */
export interface Selection {
  readonly kind: LogRow["kind"];
  readonly number: number;
}

/**
 * Each action, and below it its exchanges of those that are shown; those without an action are left out.
 *
 * @param isFiltered leaves out actions of which no exchange is shown
 */
export function groupByAction(
  { actions }: Exchanges,
  shown: readonly Exchange[],
  isFiltered: boolean,
): LogRows {
  const byAction = Map.groupBy(
    shown.filter(({ action }) => action !== undefined),
    ({ action }) => action,
  );
  const rows = actions.flatMap((action): readonly LogRow[] => {
    const group = byAction.get(action.number) ?? [];
    if (isFiltered && group.length === 0) return [];
    const below = group.map((exchange): LogRow => ({ kind: "exchange", exchange, isGrouped: true }));
    return [{ kind: "action", action }, ...below];
  });
  return {
    count: rows.length,
    at: (index) => rows[index],
    indexOf: (selection) => rows.findIndex((row) => isSelected(row, selection)),
  };
}

export function isSelected(row: LogRow, selection: Selection | undefined): boolean {
  return selection?.kind === row.kind && selection.number === numberOf(row);
}

export function numberOf(row: LogRow): number {
  return row.kind === "action" ? row.action.number : row.exchange.number;
}

/** The exchanges of an action's tries, in the order in which they came. */
export function exchangesOf({ tries }: GuestAction, { exchanges }: Exchanges): readonly Exchange[] {
  const numbers = tries.flatMap(({ taken, answered }) => [taken?.exchange, answered?.exchange]);
  return numbers.flatMap((number) => (number === undefined ? [] : (findNumbered(exchanges, number) ?? [])));
}
