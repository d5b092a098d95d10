import type { ComparedExchange, Difference, ExchangePair } from "../../shared/session/session-comparison.ts";
import { compareHeaders, type ExchangeHeads } from "./compare-headers.ts";

/** An exchange with its headers and bodies. */
export interface ReadExchange extends ComparedExchange, ExchangeHeads {
  /** The kept beginnings of its bodies, as text. */
  readonly request: string;
  readonly reply: string;
}

/**
 * Aligns the exchanges of two sessions: the n-th of an endpoint, and of an action, with the n-th of the other one. The
 * order is that of the first session; what only the second one has follows the exchange that it came after there.
 *
 * The ids of actions are left out, which are new each time.
 */
export function alignExchanges(
  first: readonly ReadExchange[],
  second: readonly ReadExchange[],
): readonly ExchangePair<ReadExchange>[] {
  const partners = new Map<string, ReadExchange>();
  for (const [key, exchange] of withKeys(second)) partners.set(key, exchange);
  const pairs: ExchangePair<ReadExchange>[] = [];
  const placeOf = new Map<ReadExchange, number>();
  for (const [key, exchange] of withKeys(first)) {
    const partner = partners.get(key);
    if (partner) placeOf.set(partner, pairs.length);
    pairs.push(pairOf(exchange, partner));
  }
  /** The exchanges of the second session alone, by the place of the pair that they follow. */
  const following = new Map<number, ExchangePair<ReadExchange>[]>();
  let place = -1;
  for (const exchange of second) {
    const own = placeOf.get(exchange);
    if (own !== undefined) place = own;
    else {
      const after = following.get(place) ?? [];
      if (after.push(pairOf(undefined, exchange)) === 1) following.set(place, after);
    }
  }
  return [
    ...(following.get(-1) ?? []),
    ...pairs.flatMap((pair, index) => [pair, ...(following.get(index) ?? [])]),
  ];
}

/** Whether an exchange is a poll that gave no action: the number of these depends on the time that passed. */
export function isEmptyPoll({ endpoint, action }: ComparedExchange): boolean {
  return endpoint === "poll" && (action === undefined || action === "none");
}

/** Each exchange with its endpoint, its action and its number among those that have the same. */
function withKeys(exchanges: readonly ReadExchange[]): (readonly [string, ReadExchange])[] {
  const counts = new Map<string, number>();
  return exchanges.map((exchange) => {
    const kind = `${exchange.endpoint} ${exchange.action ?? ""}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return [`${kind} ${count}`, exchange] as const;
  });
}

function pairOf(first?: ReadExchange, second?: ReadExchange): ExchangePair<ReadExchange> {
  if (!second) return { first, second, differences: ["only-first"] };
  if (!first) return { first, second, differences: ["only-second"] };
  const headers = compareHeaders(first, second);
  const differences = differencesOf(first, second, headers.length > 0);
  return { first, second, differences, ...(headers.length > 0 && { headers }) };
}

function differencesOf(
  first: ReadExchange,
  second: ReadExchange,
  hasOtherHeaders: boolean,
): readonly Difference[] {
  const differences: Difference[] = [];
  if (`${first.method} ${withoutId(first.target)}` !== `${second.method} ${withoutId(second.target)}`)
    differences.push("target");
  if (first.status !== second.status) differences.push("status");
  if (first.outcome !== second.outcome) differences.push("outcome");
  if (hasOtherHeaders) differences.push("headers");
  if (first.requestBytes !== second.requestBytes || comparable(first.request) !== comparable(second.request))
    differences.push("request");
  if (first.replyBytes !== second.replyBytes || comparable(first.reply) !== comparable(second.reply))
    differences.push("response");
  return differences;
}

function withoutId(target: string): string {
  return target.replace(/([?&]id=)[^&]*/, "$1");
}

/** A body without the action's id. Other bodies stay as they are, also those that are cut. */
function comparable(body: string): string {
  return body.replace(/("id"\s*:\s*)"[\w-]{22}"/g, '$1""');
}
