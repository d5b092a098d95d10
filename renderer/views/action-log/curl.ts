import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { decodeBase64 } from "../../client/base64.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";
import { readBody } from "./body-text.ts";
import { describeRules } from "./describe-rules.ts";

/** The address of the service for a guest. */
const host = "169.254.169.254";

/** Headers that curl sends by default. */
const curlsHeaders = ["Host", "User-Agent", "Accept"];

/** The size of a body, in bytes, from which on curl asks before it sends it. */
const expectBytes = 1024 * 1024;

/**
 * The command that makes an exchange's request once more, byte for byte as far as curl can, for bash.
 *
 * If rules applied, comments name them, and have the request as they have left it.
 *
 * @param folder the session's, in which the rest of a long body is
 */
export function curlCommand(exchange: Exchange, folder: string): string {
  const rules = describeRules(exchange);
  const { guest: atService } = exchange.edited ?? {};
  if (!rules) return plainCommand(exchange, folder);
  const received = atService && {
    ...exchange,
    requestHeaders: atService.headers,
    request: atService.body,
  };
  return [
    `# As the guest sent it; ${rules}.`,
    plainCommand(exchange, folder),
    ...(received ? ["# As the MetaService received it:", comment(plainCommand(received, folder))] : []),
  ].join("\n");
}

/** Puts each line of a command behind a mark, so that bash does nothing with it. */
function comment(command: string): string {
  return command.replaceAll(/^/gm, "# ");
}

function plainCommand(exchange: Exchange, folder: string): string {
  const { method, target, requestHeaders, request } = exchange;
  const body = bodyOptions(exchange, folder);
  // curl waits for the body of a reply to HEAD, unless it knows the method as its own.
  const how = method === "HEAD" && body.length === 0 ? "--head" : `-X ${quoteForBash(method)}`;
  const url = isPlainTarget(target)
    ? [quoteForBash(`http://${host}${target}`)]
    : [`http://${host}`, `--request-target ${quoteForBash(target)}`];
  const headers = requestHeaders.filter(([name, value]) => !isCurlsOwn(name, value));
  const names = new Set(requestHeaders.map(([name]) => name.toLowerCase()));
  const unwanted = [
    ...curlsHeaders,
    ...(body.length > 0 ? ["Content-Type"] : []),
    ...(request && request.bytes >= expectBytes ? ["Expect"] : []),
  ].filter((name) => !names.has(name.toLowerCase()));
  const parts = [
    `curl ${how} ${url.join(" ")}`,
    // curl takes a header with nothing behind the colon for one that it is not to send.
    ...headers.map(([name, value]) => `-H ${quoteForBash(value === "" ? `${name};` : `${name}: ${value}`)}`),
    ...unwanted.map((name) => `-H ${quoteForBash(`${name}:`)}`),
    ...body,
  ];
  return parts.join(" \\\n  ");
}

/** A target that curl changes in no way when it is part of an address. */
function isPlainTarget(target: string): boolean {
  return /^\/(?!\/)[\w./?=&%+:,;@~'!$()*-]*$/.test(target) && !/\/\.{1,2}(?:[/?]|$)/.test(target);
}

/** Whether curl sends the header by itself, as it is. */
function isCurlsOwn(name: string, value: string): boolean {
  const known = name.toLowerCase();
  return known === "content-length" || (known === "host" && value === host);
}

function bodyOptions({ requestHeaders, request: body }: Exchange, folder: string): readonly string[] {
  if (!body || body.bytes === 0) return isSaidToBeEmpty(requestHeaders) ? ["--data-raw ''"] : [];
  return [bodyOption(body, folder)];
}

function isSaidToBeEmpty(headers: Exchange["requestHeaders"]): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === "content-length" && Number(value) === 0);
}

function bodyOption(body: ExchangeBody, folder: string): string {
  if (body.file) return `--data-binary ${quoteForBash(`@${folder}/${body.file}`)}`;
  const bytes = decodeBase64(body.beginning);
  const { kind } = readBody(bytes, true);
  if (kind === "binary") return `--data-binary @<(base64 -d <<<${quoteForBash(body.beginning)})`;
  // A text that begins with @ would be taken for a file's name.
  return `--data-raw ${quoteForBash(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), "utf-8")}`;
}

/**
 * A word for bash, with any characters: as for any shell, but for those that a terminal would obey.
 *
 * @param encoding of characters beyond ASCII: those of a request's head are bytes
 */
function quoteForBash(text: string, encoding: "bytes" | "utf-8" = "bytes"): string {
  // Characters that a terminal would obey when the text is pasted.
  const special = encoding === "bytes" ? /[^\x20-\x7e]/ : /[^\x20-\x7e\n\u{a0}-\u{10ffff}]/u;
  if (!special.test(text)) return quoteForShell(text);
  return `$'${text.replaceAll(/['\\]/g, "\\$&").replaceAll(new RegExp(special, "gu"), toEscape)}'`;
}

function toEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
