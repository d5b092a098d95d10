import type { IncomingMessage } from "node:http";
import { type Refusal, refuseConnection, sendRefusal } from "./http-reply.ts";
import type { RequestRouter } from "./request-router.ts";

/** The names by which guest tools on this host, and those that think they are in a guest, call the service. */
const knownHosts: readonly string[] = ["127.0.0.1", "localhost", "169.254.169.254"];

const refusal: Refusal = {
  status: 400,
  code: "InvalidPayload",
  message: "this service is for guest tools: requests of browsers, and for other hosts' names, are refused",
};

/**
 * Headers with which browsers mark a request that a page caused. Some requests have one of them only: an `<img>` has no
 * `Origin`, a WebSocket may have no `Sec-Fetch-Site`, and older browsers know neither. The address bar sends
 * `Sec-Fetch-Site: none`, also after another site has redirected it here, so this service refuses that too.
 * `Sec-Fetch-Mode` is not among them: Node's `fetch`, with which guest tools can be written, sends it.
 */
const browserHeaders = ["origin", "referer", "sec-fetch-site"] as const;

/**
 * Refuses all requests of browsers: without this, any page that the user has open could reach a service on a port of this
 * host. A page that made its own name lead here (DNS rebinding) sends that name as `Host`.
 */
export function refuseBrowsers(router: RequestRouter): RequestRouter {
  return {
    serve: async (request, response, exchange) =>
      isFromBrowser(request)
        ? sendRefusal(response, refusal)
        : await router.serve(request, response, exchange),
    upgrade: async (request, connection) =>
      isFromBrowser(request)
        ? refuseConnection(connection.socket, refusal, connection.exchange)
        : await router.upgrade(request, connection),
  };
}

function isFromBrowser({ headers }: IncomingMessage): boolean {
  const { host } = headers;
  if (host !== undefined && !knownHosts.includes(host.replace(/:\d+$/, ""))) return true;
  return browserHeaders.some((name) => headers[name] !== undefined);
}
