import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { protocolLimits } from "../../../shared/limits.ts";
import { malformedReply } from "../actions/failed-try.ts";
import type { UpgradedConnection } from "../http/upgraded-connection.ts";
import type { MetaLimits } from "../limits.ts";
import type { UpgradeRecorder } from "../record/exchange-recorder.ts";

/** Makes a connection a WebSocket. @throws FailedTry when the request does not ask as it should */
export type Handshake = (request: IncomingMessage, connection: UpgradedConnection) => WebSocket;

export function createHandshake({ shellCloseTimeout }: MetaLimits): Handshake {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: protocolLimits.shellMessageBytes,
    // Not in its types yet.
    closeTimeout: shellCloseTimeout,
    // The shell decides which pings it answers, and looks at no text.
    autoPong: false,
    skipUTF8Validation: true,
  };
  const server = new WebSocketServer(options);
  // Or it would reply by itself to a handshake that is not right.
  server.on("wsClientError", () => {});
  let lines: readonly string[] = [];
  server.on("headers", (headers) => {
    lines = headers;
  });
  return (request, { socket, head, exchange, rules }) => {
    let opened: WebSocket | undefined;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket;
    });
    if (!opened) throw malformedReply("the WebSocket's handshake is not valid");
    rules?.incoming(opened);
    if (exchange) record(opened, lines.slice(1), exchange);
    rules?.outgoing(opened);
    return opened;
  };
}

/** Records the messages of both sides, without the framing of WebSockets. */
function record(socket: WebSocket, headers: readonly string[], exchange: UpgradeRecorder): void {
  exchange.replied(
    101,
    headers.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  const { emit, send, close } = socket;
  // Rules may change a message before its listeners get it.
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === "message" && args[0] instanceof Uint8Array) exchange.received(args[0]);
    return Reflect.apply(emit, socket, [event, ...args]);
  };
  socket.send = (message: Uint8Array, ...rest: readonly unknown[]) => {
    exchange.sent(message);
    Reflect.apply(send, socket, [message, ...rest]);
  };
  // The host closes when all was sent; it does not matter whether the guest answers that.
  let hasSaidGoodbye = false;
  socket.close = (code, ...rest) => {
    hasSaidGoodbye ||= code === closeNormal;
    Reflect.apply(close, socket, [code, ...rest]);
  };
  socket.once("close", (code) =>
    exchange.ended(code === brokenConnection && !hasSaidGoodbye ? "cut" : "complete"),
  );
}

/** Status codes of a WebSocket's close: RFC 6455, section 7.4.1. */
export const closeNormal = 1000;
export const closeProtocolError = 1002;
/** The code for a close without a handshake. */
const brokenConnection = 1006;
