import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { ActionDispatcher } from "../actions/action-dispatcher.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { refuseConnection, sendEmpty, sendRefusal } from "../http/http-reply.ts";
import type { UpgradeHandler } from "../http/upgraded-connection.ts";
import type { MetaLimits } from "../limits.ts";
import { createHandshake } from "../shell/websocket-handshake.ts";

/** Takes the guest's replies to actions. Its methods are the actions'. */
export function replyEndpoint(dispatcher: ActionDispatcher): Endpoint {
  return {
    handle: async (request, response, exchange) => {
      const refusal = await dispatcher.answer(actionId(request), { request, exchange });
      if (refusal) sendRefusal(response, refusal);
      else sendEmpty(response);
    },
  };
}

/** Takes the guest's replies that become WebSockets. */
export function upgradedReply(dispatcher: ActionDispatcher, limits: MetaLimits): UpgradeHandler {
  const shakeHands = createHandshake(limits);
  return async (request, connection) => {
    const { socket, exchange } = connection;
    let opened: WebSocket | undefined;
    const openWebSocket = () => {
      opened = shakeHands(request, connection);
      return opened;
    };
    const reply = { request, exchange: exchange?.number ?? 0, openWebSocket };
    const refusal = await dispatcher.answer(actionId(request), reply);
    if (refusal && !opened) refuseConnection(socket, refusal, exchange);
  };
}

function actionId({ url = "" }: IncomingMessage): string {
  return URL.parse(url, "http://169.254.169.254")?.searchParams.get("id") ?? "";
}
