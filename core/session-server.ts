import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { RPCHandler } from "@orpc/server/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { SessionDescription } from "../shared/api.ts";
import { sendErrors } from "../shared/api-calls.ts";
import type { OffChoice } from "../shared/build.ts";
import {
  channelClose,
  consoleChannelPath,
  consoleChannelQuerySchema,
  shellChannelPath,
  shellChannelQuerySchema,
} from "../shared/byte-channel.ts";
import { maxShellMessageBytes } from "../shared/shell-codec.ts";
import { relayConsole } from "./console-relay.ts";
import { createOfferedGuest, type OfferedGuest } from "./offered-guest.ts";
import { createPendingChoice, type PendingChoice } from "./pending-choice.ts";
import type { Session } from "./session.ts";
import { createSessionApi } from "./session-api.ts";
import { relayShell } from "./shell-relay.ts";

/** Serves a session to this user's other processes. Disposing it, after the session, cuts them off. */
export interface SessionServer extends AsyncDisposable {
  readonly guest: OfferedGuest;
  readonly choice: PendingChoice<OffChoice>;
}

/** A shell's command stands in the request's target: as long as Linux lets an argument be, percent-encoded. */
const maxHeaderBytes = 512 * 1024;
/** Requests to the api are a few hundred bytes; a path may be long. */
const maxRequestBytes = 1024 * 1024;
/** A client takes the last events, and hangs up, at once; one that stands still is not waited for. Milliseconds. */
const closeTimeout = 500;

/**
 * Serves shared/api.ts at `/rpc` and shells at `/shell`, as WebSockets on the session's own unix socket (mode 0600).
 *
 * @throws the system's error when the socket can't be created.
 */
export async function startSessionServer(
  session: Session,
  what: Pick<SessionDescription, "title" | "kind" | "image">,
): Promise<SessionServer> {
  const guest = createOfferedGuest(session.id);
  const choice = createPendingChoice<OffChoice>(session.id);
  const description = {
    ...what,
    id: session.id,
    startedAt: Date.now(),
    processId: process.pid,
    folder: session.paths.folder,
  };
  const streams = new Set<Promise<void>>();
  const api = createSessionApi({
    description,
    guest,
    choice,
    sendBreak: session.serial.sendBreak,
    events: (wanted) => noteWhileOpen(session.subscribe(wanted), streams),
  });
  const rpc = new RPCHandler(api, { clientInterceptors: [sendErrors] });
  const rpcSockets = new WebSocketServer({ ...socketOptions, maxPayload: maxRequestBytes });
  const shellSockets = new WebSocketServer({ ...socketOptions, maxPayload: maxShellMessageBytes });

  const server = createServer({ maxHeaderSize: maxHeaderBytes }, (_request, response) => {
    response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
  });
  server.on("upgrade", (request, stream, head) => {
    const accept = (sockets: WebSocketServer, serve: (socket: WebSocket) => void) =>
      sockets.handleUpgrade(request, stream, head, (socket) => {
        // One that sends what is no WebSocket message is cut off, which is all there is to do.
        socket.on("error", () => {});
        serve(socket);
      });
    const target = targetOf(request);
    if (target?.pathname === "/rpc") return accept(rpcSockets, (socket) => serveCalls(rpc, socket));
    if (target?.pathname === consoleChannelPath) {
      const query = consoleChannelQuerySchema.safeParse(Object.fromEntries(target.searchParams));
      if (!query.success) return refuse(stream, "400 Bad Request");
      return accept(shellSockets, (socket) => void relayConsole(socket, query.data.from, session.serial));
    }
    if (target?.pathname !== shellChannelPath) return refuse(stream, "404 Not Found");
    const wanted = shellChannelQuerySchema.safeParse(Object.fromEntries(target.searchParams));
    if (!wanted.success) return refuse(stream, "400 Bad Request");
    accept(shellSockets, (socket) => void relayShell(socket, wanted.data, guest));
  });
  await once(server.listen(session.paths.apiSocket), "listening");
  await chmod(session.paths.apiSocket, 0o600);

  return {
    guest,
    choice,
    [Symbol.asyncDispose]: async () => {
      server.close();
      // What was under way has ended with the guest and the log: its last messages go before the connections close.
      await Promise.race([
        Promise.all([guest.idle(), ...streams]),
        delay(closeTimeout, undefined, { ref: false }),
      ]);
      await setImmediate();
      await Promise.all([...rpcSockets.clients, ...shellSockets.clients].map(cutOff));
      server.closeAllConnections();
    },
  };
}

const socketOptions = { noServer: true, perMessageDeflate: false } as const;

function targetOf({ url = "" }: IncomingMessage): URL | null {
  return URL.parse(url, "http://session");
}

function refuse(stream: Duplex, status: string): void {
  stream.on("error", () => {});
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Answers a client's calls, no faster than it takes the answers. */
function serveCalls(rpc: RPCHandler<Record<never, never>>, socket: WebSocket): void {
  void rpc.upgrade({
    addEventListener: socket.addEventListener.bind(socket),
    // Settles when the message has left; for a client that is gone as well, whose calls are cancelled by then.
    send: (message: string | Uint8Array) =>
      new Promise<void>((resolve) => socket.send(message, () => resolve())),
  });
}

/** Hands events on; a promise that settles when that ends is in the set until then. */
async function* noteWhileOpen<Event>(
  events: AsyncIterable<Event>,
  open: Set<Promise<void>>,
): AsyncGenerator<Event, void, void> {
  const ended = Promise.withResolvers<void>();
  open.add(ended.promise);
  try {
    yield* events;
  } finally {
    open.delete(ended.promise);
    ended.resolve();
  }
}

async function cutOff(socket: WebSocket): Promise<void> {
  const closed = once(socket, "close");
  const timer = setTimeout(() => socket.terminate(), closeTimeout);
  socket.close(channelClose.sessionEnded);
  await closed;
  clearTimeout(timer);
}
