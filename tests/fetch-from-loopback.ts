import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { LookupFunction } from "node:net";
import { buffer } from "node:stream/consumers";

/** Resolves every name to 127.0.0.1, as browsers do with those below `localhost`; the system's resolver may not know them. */
export const lookUpLoopback: LookupFunction = (_name, { all }, callback) =>
  all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);

interface Options {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As `fetch`, of a server on 127.0.0.1 by whatever name. Follows no redirect. */
export async function fetchFromLoopback(
  address: string,
  { method = "GET", headers = {}, body }: Options = {},
): Promise<Response> {
  const sent = request(address, { method, headers, lookup: lookUpLoopback, agent: false });
  sent.end(body);
  const [reply] = (await once(sent, "response")) as [IncomingMessage];
  const content = await buffer(reply);
  return new Response(content.length > 0 ? new Uint8Array(content) : null, {
    status: reply.statusCode ?? 0,
    headers: Object.entries(reply.headers).map(([name, value]): [string, string] => [name, `${value}`]),
  });
}
