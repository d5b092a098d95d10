import type { IncomingMessage } from "node:http";
import { type Refusal, refuseConnection, sendRefusal } from "./http-reply.ts";
import type { RequestRouter } from "./request-router.ts";

/** The names by which guest tools on this host, and those that think they are in a guest, call the service. */
const knownHosts: readonly string[] = ["127.0.0.1", "localhost", "169.254.169.254"];

const refusal: Refusal = {
  status: 400,
  code: "InvalidPayload",
  message:
    "this service is for guest tools: requests from web pages, and for other hosts' names, are refused",
};

/**
 * Keeps web pages out, each of which could otherwise reach a service on a port of this host: what a page sends
 * elsewhere says where the page is from, and a page whose own name leads here says that name.
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

function isFromBrowser({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined || (host !== undefined && !knownHosts.includes(host.replace(/:\d+$/, "")));
}
