import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { endedRecording } from "../../core/builder/by-hand/ended-recording.ts";
import { serveInTurn } from "../../core/network/serve-in-turn.ts";
import { joinSession } from "../../core/session/client/session-gate.ts";
import { type CallHandler, serveCalls } from "../../core/session/serve/serve-calls.ts";
import { webSocketChannel } from "../../core/session/serve/web-socket-channel.ts";
import type { Site } from "../../core/site/site-file.ts";
import { socketProtocol } from "../../shared/contracts/window-access.ts";
import { type Access, createAccess } from "./access.ts";
import { answerRequest } from "./answer-request.ts";
import { createConnections } from "./connections.ts";
import type { FileAddresses } from "./file-addresses.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";

interface UiServerOptions extends Site {
  /** A port of this host's loopback; 0 for any free one. */
  readonly port: number;
  /** Serves the app's contract. */
  readonly rpc: CallHandler;
  /** The addresses that the app's contract makes. */
  readonly addresses: FileAddresses;
}

/** The UI over HTTP, for browsers of this host's user. Disposing it cuts them off. */
export interface UiServer extends AsyncDisposable, Pick<Access, "origin" | "newLink" | "newToken"> {
  readonly port: number;
  /** Ends all connections; browsers come back by themselves. */
  cutConnections(): void;
}

/** Most requests to the api are a few hundred bytes; one that saves a file has its text, of which JSON may make six times as much. */
const maxRequestBytes = 8 * 1024 * 1024;

/**
 * Every user of this host can connect, and a connection costs as much memory as its headers: together less than 2 MB. A
 * window's requests have 2 kB; it gets no cookies, since nobody could set any for its name.
 */
const maxHeaderBytes = 16 * 1024;
/** Windows use up to six of a browser's, and those that are trusted don't count. */
const maxUntrusted = 64;
/** A request of a window is one packet or two. Milliseconds. */
const headersTimeout = 10_000;
/** Requests on a connection that wait while one before them is served. Browsers await each response. */
const waitingRequests = 8;

/** Serves the renderer's bundle, the app's contract at /rpc, and each session's own channels below /sessions/ID/. */
export async function startUiServer({ port, rpc, ...site }: UiServerOptions): Promise<UiServer> {
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    requestTimeout: 2 * headersTimeout,
    connectionsCheckingInterval: headersTimeout / 4,
  });
  const connections = createConnections(maxUntrusted);
  server.on("connection", connections.add);
  const listening = await listenOnLoopback(server, port);
  const access = createAccess(listening.port);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxRequestBytes,
  });

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (!access.isAllowedSocket(request)) return refuse(stream, "403 Forbidden");
    connections.trust(stream);
    // The session's process has no use for the secret.
    request.headers["sec-websocket-protocol"] = socketProtocol;
    const [, session, target] = /^\/sessions\/([\w-]+)(\/.*)$/.exec(request.url ?? "") ?? [];
    const joined = session !== undefined && { paths: site.paths, session, findRecording: endedRecording };
    if (joined && target) return joinSession(joined, { request, target, stream, head });
    if (request.url !== "/rpc") return refuse(stream, "404 Not Found");
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on("error", () => {});
      serveCalls(rpc, webSocketChannel(socket));
    });
  };
  // An error of one connection does not affect this process.
  const takeInTurn = serveInTurn(waitingRequests, (_request, socket) =>
    refuse(socket, "503 Service Unavailable"),
  );
  server.on("request", (request, response) =>
    takeInTurn(request, response, () => () => {
      answerRequest({ ...site, access, connections }, request, response).catch(() => response.destroy());
    }),
  );
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    try {
      upgrade(request, stream, head);
    } catch {
      stream.destroy();
    }
  });
  return {
    port: listening.port,
    origin: access.origin,
    newLink: access.newLink,
    newToken: access.newToken,
    cutConnections: connections.cut,
    [Symbol.asyncDispose]: async () => {
      const closed = listening[Symbol.asyncDispose]();
      connections.cut();
      await closed;
    },
  };
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
