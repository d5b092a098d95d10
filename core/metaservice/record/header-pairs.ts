import type { ExchangeHeaders } from "../../../shared/guest/exchange.ts";

/** The headers of a message, of which Node has the names and values by turns. */
export function pairsOf(rawHeaders: readonly string[]): ExchangeHeaders {
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
  return headers;
}
