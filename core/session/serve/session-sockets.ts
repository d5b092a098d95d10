import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { protocolLimits } from "../../../shared/limits.ts";
import type { FindService } from "./session-services.ts";
import { webSocketChannel } from "./web-socket-channel.ts";

/** A request to become a WebSocket, as it came in. */
export interface SocketRequest {
  readonly request: IncomingMessage;
  /** Path and query at the session. */
  readonly target: string;
  readonly stream: Duplex;
  /** The bytes that followed the request. */
  readonly head: Buffer;
}

/** Serves a session's services as WebSockets. */
export interface SessionSockets {
  /** Makes a WebSocket of a request and serves the requested thing, or refuses it. */
  accept(wanted: SocketRequest, findService: FindService): void;
  /** Those that are open. */
  clients(): readonly WebSocket[];
}

/** Requests to the api are a few hundred bytes; a path may be long. */
const maxRequestBytes = 1024 * 1024;

export function createSessionSockets(): SessionSockets {
  const options = { noServer: true, perMessageDeflate: false } as const;
  const servers = {
    calls: new WebSocketServer({ ...options, maxPayload: maxRequestBytes }),
    bytes: new WebSocketServer({ ...options, maxPayload: protocolLimits.shellMessageBytes }),
  };
  return {
    accept: ({ request, target, stream, head }, findService) => {
      const service = findService(target);
      if (service === "not-found") return refuse(stream, "404 Not Found");
      if (service === "bad-request") return refuse(stream, "400 Bad Request");
      servers[service.kind].handleUpgrade(request, stream, head, (socket) => {
        // A client that sends anything but WebSocket messages is disconnected; nothing else is to be done.
        socket.on("error", () => {});
        service.serve(webSocketChannel(socket));
      });
    },
    clients: () => Object.values(servers).flatMap(({ clients }) => [...clients]),
  };
}

function refuse(stream: Duplex, status: string): void {
  stream.on("error", () => {});
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
