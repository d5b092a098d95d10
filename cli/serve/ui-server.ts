import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { WebSocketServer } from "ws";
import { type CallHandler, serveCalls } from "../../core/session/serve-calls.ts";
import { joinSession } from "../../core/session/session-gate.ts";
import { webSocketChannel } from "../../core/session/web-socket-channel.ts";
import { securityHeaders } from "../../core/site/security-headers.ts";
import { findSiteFile, type Site, type SiteFile } from "../../core/site/site-file.ts";
import { AppError } from "../../shared/errors.ts";
import { type Access, createAccess } from "./access.ts";

interface UiServerOptions extends Site {
  /** Of 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  /** Serves the app's contract. */
  readonly rpc: CallHandler;
}

/** The UI over HTTP, for browsers of this host's user. Disposing it cuts them off. */
export interface UiServer extends AsyncDisposable {
  /** The address to open; whoever knows it may do all that this user may. */
  readonly address: string;
  /** Ends all connections; browsers come back by themselves. */
  cutConnections(): void;
}

/** Most requests to the api are a few hundred bytes; one that saves a file has its text, of which JSON may make six times as much. */
const maxRequestBytes = 8 * 1024 * 1024;

/** Serves the renderer's bundle, the app's contract at /rpc, and each session's own channels below /sessions/ID/. */
export async function startUiServer({ port, rpc, ...site }: UiServerOptions): Promise<UiServer> {
  const server = createServer();
  await listen(server, port);
  const address = server.address() as AddressInfo;
  const access = createAccess(address.port);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxRequestBytes,
  });

  server.on("request", (request, response) => answer(site, access, request, response));
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    if (!access.isAllowedSocket(request)) return refuse(stream, "403 Forbidden");
    const [, session, target] = /^\/sessions\/([\w-]+)(\/.*)$/.exec(request.url ?? "") ?? [];
    if (session && target) return joinSession(site.paths, session, { request, target, stream, head });
    if (request.url !== "/rpc") return refuse(stream, "404 Not Found");
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on("error", () => {});
      serveCalls(rpc, webSocketChannel(socket));
    });
  });

  const streams = new Set<Duplex>();
  server.on("connection", (stream) => {
    streams.add(stream);
    stream.once("close", () => streams.delete(stream));
  });
  const cutConnections = () => {
    for (const stream of streams) stream.destroy();
  };
  return {
    address: `http://127.0.0.1:${address.port}${access.entry}`,
    cutConnections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      cutConnections();
      await once(server, "close");
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (cause) {
    const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    const message = isTaken ? `port ${port} is in use already` : `port ${port} can't be served: ${cause}`;
    throw new AppError(
      { code: "busy", message, advice: "Choose another one, or leave --port out for any that is free." },
      { cause },
    );
  }
}

function answer(site: Site, access: Access, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "GET" && request.method !== "HEAD") sayStatus(response, 405, "Only GET.");
  else if (access.isEntry(request))
    response.writeHead(303, { ...securityHeaders, Location: "/", "Set-Cookie": access.cookie }).end();
  else if (!access.isAllowed(request))
    sayStatus(
      response,
      403,
      "Open the address that tinsmith serve has printed: it holds the key to this page.",
    );
  else
    sendFile(
      response,
      findSiteFile(site, URL.parse(request.url ?? "/", "http://localhost")?.pathname ?? "/"),
    );
}

function sendFile(response: ServerResponse, file: SiteFile | undefined): void {
  if (!file) return void response.writeHead(404, securityHeaders).end();
  response.writeHead(200, file.headers);
  pipeline(file.open(), response, () => {});
}

function sayStatus(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { ...securityHeaders, "Content-Type": "text/plain; charset=utf-8" })
    .end(`${text}\n`);
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
