import type { ExchangeBody, ExchangeHeaders } from "../../../../shared/guest/exchange.ts";
import type { Exchange } from "../../guest/exchanges.ts";

/**
 * Searches exchanges for a text: in the method, the target, the headers, the names of rules, and the beginnings of the
 * bodies. Letters of ASCII match in both cases.
 */
export function createTextSearch(text: string): (exchange: Exchange) => boolean {
  // Bodies are compared byte by byte, without decoding each: this counts with 100,000 of them.
  const inBytes = searchOf(String.fromCharCode(...new TextEncoder().encode(text)));
  const inText = searchOf(text);
  // Most texts can't be in both the name and the value of a header, and searching these as they are costs half as much.
  const mayBeInBoth = /^ |:/.test(text);
  const inHeader = ([name, value]: ExchangeHeaders[number]) =>
    mayBeInBoth ? inText(`${name}: ${value}`) : inText(name) || inText(value);
  const inHeaders = (headers: ExchangeHeaders | undefined) => headers?.some(inHeader) ?? false;
  const inBody = (body: ExchangeBody | undefined) =>
    body !== undefined && body.beginning !== "" && inBytes(atob(body.beginning));
  return ({ method, target, requestHeaders, replyHeaders, rules, request, reply }) =>
    inText(`${method} ${target}`) ||
    inHeaders(requestHeaders) ||
    inHeaders(replyHeaders) ||
    (rules?.some(({ name }) => inText(name)) ?? false) ||
    inBody(request) ||
    inBody(reply);
}

/** Characters of a text that a regular expression finds; browsers refuse far longer ones. */
const longestPattern = 1_000;

function searchOf(text: string): (within: string) => boolean {
  if (text.length > longestPattern) {
    const wanted = inLowerCase(text);
    return (within) => within.length >= text.length && inLowerCase(within).includes(wanted);
  }
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
  return (within) => pattern.test(within);
}

function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
