import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { AppError } from "../../../shared/errors/errors.ts";
import { type RepeatedRequest, repeatsHeader } from "../../../shared/guest/repeated-request.ts";

/** Headers that say how the first request's connection and body were sent. */
const ofConnection = /^(?:connection|keep-alive|content-length|transfer-encoding|expect|upgrade)$/i;

/**
 * Sends a request of the guest tools to their MetaService again, on a connection of its own, as another exchange.
 *
 * @param address of the service, as in `MetaService`
 * @returns the status of the response, when all of it has come
 * @throws AppError `usage` for a request that HTTP doesn't allow; `guest-action-failed` when the connection was cut
 */
export async function repeatRequest(
  address: string,
  { exchange, method, target, headers, body }: RepeatedRequest,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly status: number }> {
  const bytes = Buffer.from(body, "base64");
  const sent = headers.filter(([name]) => !ofConnection.test(name)).flat();
  if (bytes.length > 0 || method !== "GET") sent.push("Content-Length", `${bytes.length}`);
  sent.push("Connection", "close", repeatsHeader, `${exchange}`);
  try {
    const request = httpRequest({
      ...placeOf(address),
      method,
      path: target,
      headers: sent,
      setHost: false,
      signal,
      agent: false,
    });
    request.end(bytes);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    for await (const _ of response);
    return { status: response.statusCode ?? 0 };
  } catch (error) {
    signal?.throwIfAborted();
    const isInvalid = error instanceof TypeError;
    throw new AppError({
      code: isInvalid ? "usage" : "guest-action-failed",
      message: isInvalid
        ? `exchange ${exchange} can't be sent again: it is not valid HTTP`
        : `the repeated request of exchange ${exchange} got no whole response`,
      advice: isInvalid
        ? "Copy it as curl, and correct it."
        : "The Action log shows how its exchange ended, and the rules that applied to it.",
    });
  }
}

function placeOf(address: string) {
  const port = /^127\.0\.0\.1:(\d+)$/.exec(address)?.[1];
  return port === undefined ? { socketPath: address } : { host: "127.0.0.1", port: Number(port) };
}
