import type { Span } from "../../../state/exchanges/time-span.ts";
import {
  type Exchange,
  type Exchanges,
  findNumbered,
  type GuestAction,
  positionOf,
} from "../../../state/guest/exchanges.ts";
import { type LongList, listOfPieces } from "../../../state/log/long-list.ts";

/** A row of the action log: an exchange, or the head of an action's group. */
export type LogRow =
  | { readonly kind: "exchange"; readonly exchange: Exchange; readonly isGrouped: boolean }
  | { readonly kind: "action"; readonly action: GuestAction };

/** The rows of the action log, each made when it is asked for: of most only the number counts. */
export interface LogRows {
  readonly count: number;
  /** How many rows were before these, and are dropped. */
  readonly dropped: number;
  readonly at: (index: number) => LogRow | undefined;
  readonly indexOf: (selection: Selection) => number;
}

/** All exchanges that are shown, one after another. */
export function listExchanges(shown: LongList<Exchange>): LogRows {
  return {
    count: shown.length,
    dropped: shown.dropped,
    at: (index) => {
      const exchange = shown.at(index);
      return exchange && { kind: "exchange", exchange, isGrouped: false };
    },
    indexOf: ({ kind, number }) => (kind === "exchange" ? positionOf(shown.length, shown.at, number) : -1),
  };
}

/** The chosen row of the action log. */
export interface Selection {
  readonly kind: LogRow["kind"];
  readonly number: number;
}

/** The rows of a piece of the actions, and the pieces of exchanges that they were made from. */
interface ActionRows {
  readonly rows: readonly LogRow[];
  readonly from: readonly (readonly Exchange[])[];
}

/**
 * Lists each action, and below it its exchanges of those that are shown. Exchanges without an action are left out,
 * and actions of which an exchange was dropped. As a log grows, only the rows of the pieces that have changed are
 * made again.
 *
 * @param isShown leaves out actions of which no exchange is shown; absent when all are
 */
export function createActionGroups(
  isShown?: (exchange: Exchange, log: Exchanges) => boolean,
): (log: Exchanges) => LogRows {
  let known = new Map<readonly GuestAction[], ActionRows>();
  let before = listOfPieces<LogRow>([]);
  return (log) => {
    const present = new Set(log.exchanges.pieces);
    const made = log.actions.pieces.map((actions) => {
      const last = known.get(actions);
      const isSame = last?.from.every((piece) => present.has(piece));
      return [actions, isSame && last ? last : rowsOf(actions, log, isShown)] as const;
    });
    known = new Map(made);
    const pieces = made.map(([, { rows }]) => rows);
    const first = pieces.find((piece) => piece.length > 0)?.[0];
    const rows = listOfPieces(pieces, before.dropped + rowsBefore(before, first));
    before = rows;
    return {
      count: rows.length,
      dropped: rows.dropped,
      at: rows.at,
      indexOf: (selection) => {
        const number = actionOf(selection, log);
        const piece = log.actions.pieces.findLastIndex(([action]) => action && action.number <= number);
        const index = pieces[piece]?.findIndex((row) => isSelected(row, selection)) ?? -1;
        return index < 0 ? -1 : index + (rows.starts[piece] ?? 0);
      },
    };
  };
}

function rowsOf(
  actions: readonly GuestAction[],
  log: Exchanges,
  isShown?: (exchange: Exchange, log: Exchanges) => boolean,
): ActionRows {
  const firstKept = log.exchanges.at(0)?.number ?? Number.POSITIVE_INFINITY;
  const numbers = actions.flatMap(exchangeNumbers);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const from = log.exchanges.pieces.filter(
    (piece) => (piece.at(-1)?.number ?? 0) >= least && (piece[0]?.number ?? 0) <= most,
  );
  const rows = actions.flatMap((action): readonly LogRow[] => {
    // A head alone in the middle of the list would shift all rows that are read.
    if (exchangeNumbers(action).some((number) => number < firstKept)) return [];
    const exchanges = exchangesOf(action, log);
    const group = isShown ? exchanges.filter((exchange) => isShown(exchange, log)) : exchanges;
    if (isShown && group.length === 0) return [];
    const below = group.map((exchange): LogRow => ({ kind: "exchange", exchange, isGrouped: true }));
    return [{ kind: "action", action }, ...below];
  });
  return { rows, from };
}

/** The number of rows before one. */
function rowsBefore({ pieces, starts }: LongList<LogRow>, row: LogRow | undefined): number {
  if (!row) return 0;
  const selection = { kind: row.kind, number: numberOf(row) };
  const piece = pieces.findIndex((one) => one.some((other) => isSelected(other, selection)));
  const index = pieces[piece]?.findIndex((other) => isSelected(other, selection)) ?? 0;
  return (starts[piece] ?? 0) + index;
}

/** The number of the action that is chosen, or of the one that is chosen an exchange of; -1 for none. */
function actionOf({ kind, number }: Selection, { exchanges }: Exchanges): number {
  return kind === "action" ? number : (findNumbered(exchanges, number)?.action ?? -1);
}

export function isSelected(row: LogRow, selection: Selection | undefined): boolean {
  return selection?.kind === row.kind && selection.number === numberOf(row);
}

export function numberOf(row: LogRow): number {
  return row.kind === "action" ? row.action.number : row.exchange.number;
}

/** The exchanges of an action's tries, in the order in which they came. */
export function exchangesOf(action: GuestAction, { exchanges }: Exchanges): readonly Exchange[] {
  return exchangeNumbers(action).flatMap((number) => findNumbered(exchanges, number) ?? []);
}

function exchangeNumbers({ tries }: GuestAction): readonly number[] {
  const numbers = tries.flatMap(({ taken, answered }) => [taken?.exchange, answered?.exchange]);
  return numbers.filter((number) => number !== undefined);
}

/** Whether a row's exchange or action has not ended: only such rows are drawn again as time passes. */
export function isOpen(row: LogRow): boolean {
  return (row.kind === "action" ? row.action : row.exchange).ended === undefined;
}

/** The time that rows take together; an open one reaches to now. */
export function spanOfRows(rows: readonly LogRow[], now: number): Span | undefined {
  if (rows.length === 0) return undefined;
  const spans = rows.map((row): Span => {
    const from = row.kind === "action" ? row.action.requested : row.exchange.started;
    const ended = row.kind === "action" ? row.action.ended : row.exchange.ended;
    return { from, to: Math.max(from, ended ?? now) };
  });
  return {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.max(...spans.map(({ to }) => to)),
  };
}
