import type { ExchangeHeaders } from "../../../../shared/guest/exchange.ts";
import { headerNamePattern, headerValuePattern, type MessageEdit } from "../../../../shared/rules/rule.ts";

/** Whether it is the name of a header that can't be sent. */
export function isWrongName([name]: ExchangeHeaders[number]): boolean {
  return !headerNamePattern.test(name);
}

/** The problem of a header in a draft. */
export function headerIssue(header: ExchangeHeaders[number]): string | undefined {
  const [, value] = header;
  if (isWrongName(header)) return "Enter a name of letters, digits and !#$%&'*+.^_`|~-.";
  return headerValuePattern.test(value)
    ? undefined
    : "Enter a value in one line, without characters beyond ÿ.";
}

/** The problem of the first header that has one. */
export function headersIssue(headers: ExchangeHeaders): string | undefined {
  return headers.map(headerIssue).find((issue) => issue !== undefined);
}

/** The edit that makes other headers of a message's; undefined if they are the same. Names are the same in either case. */
export function editOfHeaders(
  original: ExchangeHeaders,
  headers: ExchangeHeaders,
): MessageEdit["headers"] | undefined {
  const before = byName(original);
  const after = byName(headers);
  const changed = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const [name = key] = (is ?? was)?.[0] ?? [];
    const [first = null, ...rest] = is?.map(([, value]) => value) ?? [];
    return [[name, rest.length > 0 && first !== null ? [first, ...rest] : first] as const];
  });
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function byName(headers: ExchangeHeaders): Map<string, ExchangeHeaders[number][]> {
  return Map.groupBy(headers, ([name]) => name.toLowerCase());
}
