import type { GuestActionType } from "../../../shared/guest/guest-protocol.ts";
import { type Exchange, type Exchanges, findNumbered } from "../../state/guest/exchanges.ts";
import { type LongList, listOfPieces } from "../../state/log/long-list.ts";
import { decodeBase64 } from "./body-text.ts";
import { type ExchangeState, endpointOf, stateOf } from "./exchange-facts.ts";

/** The conditions for the exchanges that are shown; an empty value is not a condition. */
export interface ExchangeFilter {
  readonly endpoint: string;
  readonly action: GuestActionType | "";
  readonly state: ExchangeState | "";
  /** Found in the method, the target, the headers, and the beginnings of the bodies. */
  readonly text: string;
}

export const noFilter: ExchangeFilter = { endpoint: "", action: "", state: "", text: "" };

export function isNoFilter(filter: ExchangeFilter): boolean {
  return Object.values(filter).every((value) => value === "");
}

/** Picks exchanges out of a log. */
export interface PickExchanges {
  readonly pick: (log: Exchanges) => LongList<Exchange>;
  readonly matches: (exchange: Exchange, log: Exchanges) => boolean;
}

/** As a log grows, each exchange is looked at once, and again when it has changed. */
export function createExchangeFilter(filter: ExchangeFilter): PickExchanges {
  if (isNoFilter(filter)) return { pick: ({ exchanges }) => exchanges, matches: () => true };
  const known = new WeakMap<Exchange, boolean>();
  const text = filter.text.toLowerCase();
  const look = (exchange: Exchange, log: Exchanges) =>
    (filter.endpoint === "" || endpointOf(exchange) === filter.endpoint) &&
    (filter.state === "" || stateOf(exchange) === filter.state) &&
    (filter.action === "" || actionType(exchange, log) === filter.action) &&
    (text === "" || hasText(exchange, text));
  const matches = (exchange: Exchange, log: Exchanges) => {
    const result = known.get(exchange) ?? look(exchange, log);
    known.set(exchange, result);
    return result;
  };
  let picked: LongList<Exchange> = listOfPieces([]);
  let log: Exchanges | undefined;
  const pick = (next: Exchanges) => {
    const before = new Map(log?.exchanges.pieces.map((piece, index) => [piece, picked.pieces[index]]));
    const kept = (log?.exchanges.pieces ?? []).findIndex((piece) => piece[0]?.number === firstNumber(next));
    const dropped = picked.dropped + (kept > 0 ? (picked.starts[kept] ?? 0) : 0);
    const pieces = next.exchanges.pieces.map(
      (piece) => before.get(piece) ?? piece.filter((exchange) => matches(exchange, next)),
    );
    log = next;
    picked = listOfPieces(pieces, dropped);
    return picked;
  };
  return { pick, matches };
}

function firstNumber({ exchanges }: Exchanges): number | undefined {
  return exchanges.at(0)?.number;
}

function actionType({ action }: Exchange, { actions }: Exchanges): GuestActionType | undefined {
  return action === undefined ? undefined : findNumbered(actions, action)?.request.type;
}

function hasText(
  { method, target, requestHeaders, replyHeaders = [], request, reply }: Exchange,
  text: string,
): boolean {
  const has = (value: string) => value.toLowerCase().includes(text);
  return (
    has(`${method} ${target}`) ||
    [...requestHeaders, ...replyHeaders].some(([name, value]) => has(`${name}: ${value}`)) ||
    [request, reply].some(
      (body) => body !== undefined && body.beginning !== "" && has(decode(body.beginning)),
    )
  );
}

/** Decodes a body as text, even if it is binary: a filter still finds its words in English. */
function decode(base64: string): string {
  return new TextDecoder().decode(decodeBase64(base64));
}
