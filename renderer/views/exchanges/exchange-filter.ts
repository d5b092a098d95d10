import type { GuestActionType } from "../../../shared/guest-protocol.ts";
import { type Exchange, type Exchanges, findNumbered } from "../../state/exchanges.ts";
import { decodeBase64 } from "./body-text.ts";
import { type ExchangeState, endpointOf, stateOf } from "./exchange-facts.ts";

/** Which exchanges are shown; an empty value is no condition. */
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

/** Picks exchanges out of a log that grows: each one is looked at once, and again when it has changed. */
export function createExchangeFilter(filter: ExchangeFilter): (log: Exchanges) => readonly Exchange[] {
  if (isNoFilter(filter)) return ({ exchanges }) => exchanges;
  const known = new WeakMap<Exchange, boolean>();
  const text = filter.text.toLowerCase();
  const matches = (exchange: Exchange, log: Exchanges) =>
    (filter.endpoint === "" || endpointOf(exchange) === filter.endpoint) &&
    (filter.state === "" || stateOf(exchange) === filter.state) &&
    (filter.action === "" || actionType(exchange, log) === filter.action) &&
    (text === "" || hasText(exchange, text));
  return (log) =>
    log.exchanges.filter((exchange) => {
      const before = known.get(exchange);
      if (before !== undefined) return before;
      const now = matches(exchange, log);
      known.set(exchange, now);
      return now;
    });
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

/** As text, whatever it is: a filter for words of plain English finds them. */
function decode(base64: string): string {
  return new TextDecoder().decode(decodeBase64(base64));
}
