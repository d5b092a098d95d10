import type { ExchangeBody, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import { decodeBase64 } from "../../client/base64.ts";
import { type Phase, phasesOf } from "../../state/exchanges/exchange-facts.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";
import { describeRules } from "./describe-rules.ts";

/**
 * Exchanges as an HTTP Archive 1.2, which the developer tools of every browser open. (As JSON lines they are in the
 * session's events.jsonl already.) Of long bodies it has the beginning.
 */
export function toHar(exchanges: readonly Exchange[]): string {
  const log = {
    version: "1.2",
    creator: { name: "Tinsmith", version: "" },
    entries: exchanges.map((exchange) => entryOf(exchange)),
  };
  return JSON.stringify({ log }, null, 1);
}

function entryOf(exchange: Exchange): object {
  const { method, target, started, requestHeaders, status = 0, replyHeaders = [], request, reply } = exchange;
  // One that is open has no end yet, which the format can't say: it has taken no time.
  const phases = phasesOf(exchange, started);
  const time = (...kinds: readonly Phase["kind"][]) =>
    phases.reduce((sum, { kind, from, to }) => (kinds.includes(kind) ? sum + to - from : sum), 0);
  const url = addressOf(target);
  return {
    startedDateTime: new Date(started).toISOString(),
    time: time("request", "waiting", "handling", "response"),
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(requestHeaders),
      queryString: [...(URL.parse(url)?.searchParams ?? [])].map(([name, value]) => ({ name, value })),
      ...(request &&
        request.bytes > 0 && { postData: { mimeType: typeOf(requestHeaders), ...contentOf(request) } }),
      headersSize: -1,
      bodySize: request?.bytes ?? -1,
    },
    response: {
      status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(replyHeaders),
      content: { size: reply?.bytes ?? 0, mimeType: typeOf(replyHeaders), ...(reply && contentOf(reply)) },
      redirectURL: "",
      headersSize: -1,
      bodySize: reply?.bytes ?? -1,
    },
    cache: {},
    timings: { send: time("request"), wait: time("waiting", "handling"), receive: time("response") },
    comment: commentOf(exchange),
    ...editedBy(exchange),
  };
}

function commentOf(exchange: Exchange): string {
  const cut = exchange.outcome === "cut" ? ", cut" : "";
  const rules = describeRules(exchange);
  return [`exchange ${exchange.number}${cut}`, rules, ...(exchange.findings ?? []).map(({ text }) => text)]
    .filter(Boolean)
    .join("; ");
}

/** The other versions of edited messages, in fields of our own: those of the format are the guest's side. */
function editedBy({ edited }: Exchange): object {
  const { guest, host } = edited ?? {};
  return {
    ...(guest && {
      _requestAtService: {
        headers: pairs(guest.headers),
        postData: { mimeType: typeOf(guest.headers), ...contentOf(guest.body) },
        bodySize: guest.body.bytes,
      },
    }),
    ...(host && {
      _responseOfService: {
        status: host.status,
        headers: pairs(host.headers),
        content: { size: host.body.bytes, mimeType: typeOf(host.headers), ...contentOf(host.body) },
      },
    }),
  };
}

/** The address of a target as a guest sent it: a path, a whole address, or anything else. */
function addressOf(target: string): string {
  if (/^https?:\/\//i.test(target)) return target;
  const address = `http://169.254.169.254${target.startsWith("/") ? "" : "/"}${target}`;
  return URL.parse(address)?.href ?? address;
}

function pairs(headers: ExchangeHeaders): object[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function typeOf(headers: ExchangeHeaders): string {
  return headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
}

function contentOf({ beginning, bytes }: ExchangeBody): object {
  const kept = decodeBase64(beginning);
  const comment = kept.length < bytes ? { comment: `the first ${kept.length} of ${bytes} bytes` } : {};
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(kept), ...comment };
  } catch {
    return { text: beginning, encoding: "base64", ...comment };
  }
}
