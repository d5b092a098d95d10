import type { IncomingMessage } from "node:http";
import type { MetaLimits } from "../limits.ts";
import type { Endpoint } from "./endpoint.ts";
import type { GuestResponse } from "./guest-response.ts";
import { type Refusal, refuseConnection, sendRefusal } from "./http-reply.ts";
import { limitUnreadBody } from "./unread-body.ts";
import type { UpgradedConnection, UpgradeHandler } from "./upgraded-connection.ts";

/** By their names, which follow `/engine/v1/`. */
export interface Routes {
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly upgrades: Readonly<Record<string, UpgradeHandler>>;
}

/** Leads requests to their endpoints. Settles when one was served; never rejects. */
export interface RequestRouter {
  serve(request: IncomingMessage, response: GuestResponse, exchange: number): Promise<void>;
  upgrade(request: IncomingMessage, connection: UpgradedConnection): Promise<void>;
}

/** @param onRequest called for each request, before it is served */
export function createRequestRouter(
  routes: Routes,
  limits: MetaLimits,
  onRequest: () => void,
): RequestRouter {
  const endpoints = byPath(routes.endpoints);
  const upgrades = byPath(routes.upgrades);
  return {
    async serve(request, response, exchange) {
      onRequest();
      limitUnreadBody(request, response, limits);
      const path = pathOf(request);
      const endpoint = endpoints.get(path);
      if (!endpoint) return sendRefusal(response, noSuchEndpoint(path));
      const { method: allow, handle } = endpoint;
      if (allow && request.method !== allow) {
        const message = `${path} takes ${allow} only`;
        return sendRefusal(response, { status: 405, code: "MethodNotAllowed", message, allow });
      }
      try {
        await handle(request, response, exchange);
      } catch {
        sendRefusal(response, notServed(request, path));
      }
    },

    async upgrade(request, connection) {
      onRequest();
      const { socket, exchange } = connection;
      // Its close reports an error too.
      socket.on("error", () => {});
      const path = pathOf(request);
      const handle = upgrades.get(path);
      if (!handle)
        return refuseConnection(
          socket,
          endpoints.has(path) ? noUpgrade(path) : noSuchEndpoint(path),
          exchange,
        );
      try {
        await handle(request, connection);
      } catch {
        socket.destroy();
      }
    },
  };
}

function byPath<T>(routes: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(routes).map(([name, route]) => [`/engine/v1/${name}`, route]));
}

/** A target that is its own path, as those of guest tools are, and need not be parsed. */
const plainPath = /^(\/\w+)+$/;

function pathOf({ url = "" }: IncomingMessage): string {
  if (plainPath.test(url)) return url;
  return URL.parse(url, "http://169.254.169.254")?.pathname ?? url;
}

function noSuchEndpoint(path: string): Refusal {
  return { status: 404, code: "NoSuchEndPoint", message: `there is no endpoint ${path}` };
}

function noUpgrade(path: string): Refusal {
  return { status: 400, code: "InvalidPayload", message: `${path} speaks plain HTTP only` };
}

/** Without the error itself: it may reveal facts about the host, and its origin has reported it. */
function notServed({ method }: IncomingMessage, path: string): Refusal {
  return { status: 500, code: "InternalError", message: `the host failed to serve ${method} ${path}` };
}
