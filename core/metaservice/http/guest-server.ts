import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { MetaLimits } from "../limits.ts";
import type { ExchangeRecorder } from "../record/exchange-recorder.ts";
import { WatchedRequest } from "../record/watch-http.ts";
import { GuestResponse } from "./guest-response.ts";
import { refuseConnection } from "./http-reply.ts";

/**
 * An HTTP server for clients of every kind, from Go's to a line of shell, none of which is trusted.
 *
 * @param onNote called once, with a note for the person, when a connection is closed because too many are open
 */
export function createGuestServer(
  limits: MetaLimits,
  recorder: ExchangeRecorder | undefined,
  onNote: (text: string) => void = () => {},
): Server<typeof WatchedRequest, typeof GuestResponse> {
  const server = createServer({
    IncomingMessage: WatchedRequest,
    ServerResponse: GuestResponse,
    headersTimeout: limits.headersTimeout,
    connectionsCheckingInterval: Math.ceil(limits.headersTimeout / 4),
    // No limit to a request as a whole: a log may last for hours.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeout,
    maxHeaderSize: limits.maxHeaderBytes,
    // A request written by hand may lack it, and there is only one host here.
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections;
  server.once("drop", () =>
    onNote(
      `The guest has opened more connections than may be open at once, ${limits.maxConnections}. Tinsmith has closed the new one, and does so each time.`,
    ),
  );
  // Lets a client that closed its sending half, as `nc -N` does, still have its reply. As an option it is ignored.
  Object.assign(server, { httpAllowHalfOpen: true });
  // An expectation that is unknown is passed over, and a CONNECT gets its error as any request for another protocol does.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  server.on("connect", (request, socket, head) => server.emit("upgrade", request, socket, head));
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, recorder));
  letTimeStandStill(server, limits);
  // Each of the requests that wait their turn on a connection listens for its end: they are limited, so is their memory.
  server.on("connection", (socket: Socket) => socket.setMaxListeners(0));
  // A connection that can't be accepted, as when file descriptors run out, is the guest's loss alone.
  server.on("error", () => {});
  return server;
}

/**
 * Node's HTTP server counts its time limits by the host's clock: they are switched off while the guest is paused. The
 * limit for headers is restored only when every request that was under way then has had its time.
 */
function letTimeStandStill(
  server: Pick<Server<typeof WatchedRequest, typeof GuestResponse>, "headersTimeout" | "on" | "once">,
  { clock, headersTimeout }: MetaLimits,
): void {
  const connections = new Set<Socket>();
  /** Connections that waited for a request when the guest was paused, and the rest of their time limits. */
  const idle = new Map<Socket, number>();
  let restored: Disposable | undefined;
  const listening = clock.onSuspend((stands) => {
    restored?.[Symbol.dispose]();
    if (stands) {
      server.headersTimeout = 0;
      for (const socket of connections) if (socket.timeout) idle.set(socket, socket.timeout);
      for (const socket of idle.keys()) socket.setTimeout(0);
      return;
    }
    for (const [socket, timeout] of idle) if (socket.timeout === 0) socket.setTimeout(timeout);
    idle.clear();
    restored = clock.after(headersTimeout, () => {
      server.headersTimeout = headersTimeout;
    });
  });
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      idle.delete(socket);
    });
  });
  server.once("close", () => {
    listening[Symbol.dispose]();
    restored?.[Symbol.dispose]();
  });
}

/** Answers data that is not HTTP. A client that broke off, or never sent its headers, gets no answer. */
function refuseMalformed(
  error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
  socket: Duplex,
  recorder: ExchangeRecorder | undefined,
): void {
  // A request that was to be the connection's last has bytes behind it: its reply is on the way, and closes.
  if (error.code === "HPE_CLOSED_CONNECTION") return;
  const malformed = error.code?.startsWith("HPE_") && error.code !== "HPE_INVALID_EOF_STATE";
  if (!malformed || !socket.writable) {
    socket.destroy();
    return;
  }
  const message = `the request is not valid HTTP: ${error.message}`;
  const exchange = recorder?.beginUpgrade({ rawHeaders: [] });
  if (error.rawPacket) exchange?.received(error.rawPacket);
  refuseConnection(socket, { status: 400, code: "InvalidPayload", message }, exchange);
}
