import type { ExchangeBody, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import type { Exchange } from "../guest/exchanges.ts";
import type { ListDraft } from "../log/long-list.ts";

/** So many of the newest exchanges stay whole in the window's memory: 100 MB with the longest bodies. */
const whole = 8_192;
/** Characters of a body's beginning, in base64, and of all headers of a message, that older ones keep. */
const longest = 512;

/** Trims the exchanges of a list that are not among the newest any more. @param before the length that it had */
export function trimOlder(exchanges: ListDraft<Exchange>, before: number): void {
  for (let position = Math.max(0, before - whole); position < exchanges.length() - whole; position++)
    trimAt(exchanges, position);
}

/** Trims an exchange that has ended late, when it was not among the newest any more. */
export function trimIfOld(exchanges: ListDraft<Exchange>, position: number): void {
  if (position < exchanges.length() - whole) trimAt(exchanges, position);
}

function trimAt(exchanges: ListDraft<Exchange>, position: number): void {
  const exchange = exchanges.at(position);
  if (exchange && isLong(exchange)) exchanges.set(position, trimmed(exchange));
}

function isLong({ request, reply, requestHeaders, replyHeaders, edited }: Exchange): boolean {
  return (
    edited !== undefined ||
    [request, reply].some((body) => body !== undefined && body.beginning.length > longest) ||
    [requestHeaders, replyHeaders ?? []].some((headers) => lengthOf(headers) > longest)
  );
}

function trimmed(exchange: Exchange): Exchange {
  const { request, reply, requestHeaders, replyHeaders, edited: _edited, ...rest } = exchange;
  return {
    ...rest,
    isTrimmed: true,
    requestHeaders: short(requestHeaders),
    ...(replyHeaders && { replyHeaders: short(replyHeaders) }),
    ...(request && { request: withoutLong(request) }),
    ...(reply && { reply: withoutLong(reply) }),
  };
}

function withoutLong(body: ExchangeBody): ExchangeBody {
  return body.beginning.length > longest ? { ...body, beginning: "" } : body;
}

function short(headers: ExchangeHeaders): ExchangeHeaders {
  return lengthOf(headers) > longest ? [] : headers;
}

function lengthOf(headers: ExchangeHeaders): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
