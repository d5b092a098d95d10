import type { ExchangeHeaders } from "../../shared/guest/exchange.ts";
import { type HeaderDifference, headersLeftOut } from "../../shared/session/session-comparison.ts";

/** The headers of an exchange, and the sizes of its bodies. */
export interface ExchangeHeads {
  readonly requestHeaders: ExchangeHeaders;
  /** Absent without a response. */
  readonly replyHeaders?: ExchangeHeaders | undefined;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** The headers in which two exchanges differ. Those of a response are compared if both exchanges have one. */
export function compareHeaders(first: ExchangeHeads, second: ExchangeHeads): readonly HeaderDifference[] {
  const ofRequest = differentHeaders(first.requestHeaders, second.requestHeaders);
  const ofResponse =
    first.replyHeaders && second.replyHeaders
      ? differentHeaders(first.replyHeaders, second.replyHeaders)
      : [];
  return [
    ...withoutSize(ofRequest, first.requestBytes === second.requestBytes).map((one) => ({
      part: "request" as const,
      ...one,
    })),
    ...withoutSize(ofResponse, first.replyBytes === second.replyBytes).map((one) => ({
      part: "response" as const,
      ...one,
    })),
  ];
}

type NamedDifference = Omit<HeaderDifference, "part">;

const leftOut: ReadonlySet<string> = new Set(headersLeftOut.map((name) => name.toLowerCase()));

function differentHeaders(first: ExchangeHeaders, second: ExchangeHeaders): readonly NamedDifference[] {
  // Most exchanges of an endpoint have the same ones, also between two sessions.
  if (isSame(first, second)) return [];
  const [one, other] = [byName(first), byName(second)];
  return [...new Map([...one, ...other])].flatMap(([key, { name }]): NamedDifference[] => {
    const [left, right] = [one.get(key)?.value, other.get(key)?.value];
    if (leftOut.has(key) || comparable(key, left) === comparable(key, right)) return [];
    return [
      {
        name: one.get(key)?.name ?? name,
        ...(left !== undefined && { first: left }),
        ...(right !== undefined && { second: right }),
      },
    ];
  });
}

function isSame(first: ExchangeHeaders, second: ExchangeHeaders): boolean {
  return (
    first.length === second.length &&
    first.every(([name, value], index) => second[index]?.[0] === name && second[index]?.[1] === value)
  );
}

/** Headers by their names in lower case, whose order does not matter; values of one name are joined, as HTTP allows. */
function byName(headers: ExchangeHeaders): ReadonlyMap<string, { name: string; value: string }> {
  const found = new Map<string, { name: string; value: string }>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = found.get(key);
    found.set(key, { name: before?.name ?? name, value: before ? `${before.value}, ${value}` : value });
  }
  return found;
}

/** A MetaService without a VM gets another port each time. */
function comparable(key: string, value: string | undefined): string | undefined {
  return key === "host" ? value?.replace(/:\d+$/, "") : value;
}

/** The size of a body differs with the body, which is a difference already. */
function withoutSize(
  differences: readonly NamedDifference[],
  isOfOneSize: boolean,
): readonly NamedDifference[] {
  return isOfOneSize
    ? differences
    : differences.filter(({ name }) => name.toLowerCase() !== "content-length");
}
