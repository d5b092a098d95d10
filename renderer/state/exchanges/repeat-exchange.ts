import { maximumRepeatedBody, repeatsHeader } from "../../../shared/guest/repeated-request.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { decodeBase64, encodeBase64 } from "../../client/base64.ts";
import { loadBody } from "../../client/load-body.ts";
import type { Exchange } from "../guest/exchanges.ts";
import { sayDone } from "../messages/notices.ts";

/** The number of the exchange whose request this one has sent again, if a person did that. */
export function repeatedExchange({ requestHeaders }: Pick<Exchange, "requestHeaders">): number | undefined {
  const value = requestHeaders.find(([name]) => name === repeatsHeader)?.[1];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Says why the request of an exchange can't be sent again; nothing if it can. */
export function whyNotRepeated({ request, requestHeaders, ended }: Exchange): string | undefined {
  if (requestHeaders.some(([name]) => /^upgrade$/i.test(name))) return "a shell can't be sent again";
  if (ended === undefined || !request) return "the exchange has not ended";
  if (request.bytes > maximumRepeatedBody)
    return `its body is longer than ${formatBytes(maximumRepeatedBody)}`;
  return undefined;
}

/**
 * Sends the request of an exchange to the MetaService again, and says what came of it.
 *
 * @throws AppError `missing-file` if its body was not kept; others as `guest.repeatRequest` does
 */
export async function repeatExchange(session: string, exchange: Exchange): Promise<void> {
  const { number, method, target, requestHeaders } = exchange;
  const { status } = await sessionClient(session).guest.repeatRequest({
    exchange: number,
    method,
    target,
    headers: requestHeaders.map(([name, value]) => [name, value]),
    body: await wholeBody(session, exchange),
  });
  sayDone(`The MetaService has answered the repeated request with status ${status}.`);
}

/** @returns the body in base64 */
async function wholeBody(session: string, { request }: Exchange): Promise<string> {
  if (!request || request.bytes === 0) return "";
  const beginning = decodeBase64(request.beginning);
  if (beginning.length === request.bytes) return request.beginning;
  return encodeBase64(await loadBody(session, request.file ?? "the body"));
}
