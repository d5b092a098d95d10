import type { Exchange, Exchanges } from "../guest/exchanges.ts";
import { type LongList, listOfPieces } from "../log/long-list.ts";
import type { Condition } from "./query/query-words.ts";

/** The exchanges that were picked out of a log. */
export interface PickedExchanges {
  readonly picked: LongList<Exchange>;
  /** The part of the log that was looked at, from 0 to 1. */
  readonly searched: number;
}

/**
 * Picks exchanges out of a log, as that grows. When its time is up, it stops; called again, it continues there.
 *
 * @param now until which open exchanges last
 */
export type PickExchanges = (log: Exchanges, now: number, isTimeUp?: () => boolean) => PickedExchanges;

/**
 * Picks the exchanges that fit a condition. As a log grows, only the pieces of its list are looked at in which something
 * has changed; when time passes, those with an open exchange.
 *
 * @param fits absent when all do
 */
export function createExchangeFilter(fits: Condition | undefined): PickExchanges {
  if (!fits) return ({ exchanges }) => ({ picked: exchanges, searched: 1 });
  let picked: LongList<Exchange> = listOfPieces([]);
  let looked: Exchanges["exchanges"]["pieces"] = [];
  let lookedAt = 0;
  return (log, now, isTimeUp = () => false) => {
    const { pieces } = log.exchanges;
    const isKnown = (piece: readonly Exchange[]) => now === lookedAt || !piece.some(isOpen);
    const before = new Map(
      looked.flatMap((piece, index) => (isKnown(piece) ? [[piece, picked.pieces[index] ?? []]] : [])),
    );
    lookedAt = now;
    const kept = looked.findIndex((piece) => piece[0]?.number === pieces[0]?.[0]?.number);
    const dropped = picked.dropped + (kept > 0 ? (picked.starts[kept] ?? 0) : 0);
    const fitting: (readonly Exchange[])[] = [];
    for (const piece of pieces) {
      const known = before.get(piece);
      if (!known && isTimeUp()) break;
      fitting.push(known ?? piece.filter((exchange) => fits(exchange, log, now)));
    }
    looked = pieces.slice(0, fitting.length);
    picked = listOfPieces(fitting, dropped);
    return { picked, searched: fitting.length / Math.max(1, pieces.length) };
  };
}

function isOpen({ ended }: Exchange): boolean {
  return ended === undefined;
}
