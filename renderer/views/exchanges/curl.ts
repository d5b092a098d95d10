import type { ExchangeBody } from "../../../shared/exchange.ts";
import type { Exchange } from "../../state/exchanges.ts";
import { decodeBase64, readBody } from "./body-text.ts";

/** Where a guest finds the service. */
const baseUrl = "http://169.254.169.254";

/** Headers that curl sets by itself, as the body and the connection need them. */
const curlsOwn = new Set(["host", "content-length", "transfer-encoding", "connection", "upgrade"]);

/**
 * The command that makes an exchange's request once more, for a shell such as bash.
 *
 * @param folder the session's, in which the rest of a long body is
 */
export function curlCommand({ method, target, requestHeaders, request }: Exchange, folder: string): string {
  const headers = requestHeaders.filter(([name]) => !curlsOwn.has(name.toLowerCase()));
  const parts = [
    `curl -X ${quote(method)} ${quote(baseUrl + target)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...bodyOption(request, folder),
  ];
  return parts.join(" \\\n  ");
}

function bodyOption(body: ExchangeBody | undefined, folder: string): readonly string[] {
  if (!body || body.bytes === 0) return [];
  if (body.file) return [`--data-binary ${quote(`@${folder}/${body.file}`)}`];
  const { kind } = readBody(decodeBase64(body.beginning), true);
  if (kind === "binary") return [`--data-binary @<(base64 -d <<<${quote(body.beginning)})`];
  const text = new TextDecoder().decode(decodeBase64(body.beginning));
  // A text that begins with @ would be taken for a file's name.
  return [`--data-raw ${quote(text)}`];
}

/** One word for a shell, whatever is in it. */
function quote(text: string): string {
  return /^[\w./:=?&@-]+$/.test(text) && !/[?&]/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
