import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { maxShellMessageBytes } from "../../shared/shell-codec.ts";
import type { ActionDesk } from "./action-desk.ts";
import { malformedReply } from "./failed-try.ts";
import { refuseConnection, sendEmpty, sendRefusal } from "./http-reply.ts";
import type { MetaLimits } from "./limits.ts";
import type { Endpoint } from "./task-endpoints.ts";

/** Takes the guest's replies to actions. Its methods are the actions'. */
export function replyEndpoint(desk: ActionDesk): Endpoint {
  return {
    handle: async (request, response, exchange) => {
      const refusal = await desk.answer(actionId(request), { request, exchange });
      if (refusal) sendRefusal(response, refusal);
      else sendEmpty(response);
    },
  };
}

/** Takes a request that asks to make its connection another one; settles when that is over. */
export type UpgradeHandler = (
  request: IncomingMessage,
  connection: { readonly socket: Duplex; readonly head: Buffer },
  exchange: number,
) => Promise<void>;

/** Takes the guest's replies that become WebSockets. */
export function upgradedReply(desk: ActionDesk, { shellCloseTimeout }: MetaLimits): UpgradeHandler {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxShellMessageBytes,
    // Not in its types yet.
    closeTimeout: shellCloseTimeout,
    // The shell decides which pings it answers, and looks at no text.
    autoPong: false,
    skipUTF8Validation: true,
  };
  const server = new WebSocketServer(options);
  // Or it would reply by itself to a handshake that is not right.
  server.on("wsClientError", () => {});
  return async (request, { socket, head }, exchange) => {
    let opened: WebSocket | undefined;
    const openWebSocket = () => {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        opened = webSocket;
      });
      if (opened) return opened;
      throw malformedReply("the WebSocket's handshake is not valid");
    };
    const refusal = await desk.answer(actionId(request), { request, exchange, openWebSocket });
    if (refusal && !opened) refuseConnection(socket, refusal);
  };
}

function actionId({ url = "" }: IncomingMessage): string {
  return URL.parse(url, "http://169.254.169.254")?.searchParams.get("id") ?? "";
}
