import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { refuseConnection } from "./http-reply.ts";
import type { MetaLimits } from "./limits.ts";

/** An HTTP server for clients of every kind, from Go's to a line of shell, none of which is trusted. */
export function createGuestServer(limits: MetaLimits, recorder: ExchangeRecorder | undefined): Server {
  const server = createServer({
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
  // Lets a client that closed its sending half, as `nc -N` does, still have its reply. As an option it is ignored.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, recorder));
  // A connection that can't be accepted, as when file descriptors run out, is the guest's loss alone.
  server.on("error", () => {});
  return server;
}

/** Answers what is not HTTP. A client that broke off, or never sent its headers, gets no answer. */
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
