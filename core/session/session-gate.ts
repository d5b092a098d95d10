import { existsSync, statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { type Paths, type SessionPaths, sessionPaths } from "../paths.ts";
import { endedSessionServices } from "./ended-session.ts";
import type { FindService } from "./session-services.ts";
import { createSessionSockets, type SocketRequest } from "./session-sockets.ts";

const endedSessions = createSessionSockets();

/**
 * Passes a WebSocket on to the session that it is for: to its own process while that runs, byte for byte; else it is
 * answered from the session's files. Whoever calls this has made sure that the client may do so.
 */
export function joinSession(paths: Paths, session: string, socket: SocketRequest): void {
  const files = sessionPaths(paths, session);
  if (existsSync(files.apiSocket)) passOn(files.apiSocket, socket);
  else endedSessions.accept(socket, endedServices(session, files));
}

function endedServices(session: string, files: SessionPaths): FindService {
  const log = statSync(files.events, { throwIfNoEntry: false });
  return log ? endedSessionServices(session, files, log.birthtimeMs) : () => "not-found";
}

function passOn(apiSocket: string, { request, target, stream, head }: SocketRequest): void {
  const upstream = connect(apiSocket);
  upstream.once("connect", () => {
    upstream.write(`GET ${target} HTTP/1.1\r\n${describeHeaders(request)}\r\n`);
    upstream.write(head);
    stream.pipe(upstream).pipe(stream);
  });
  // One that was killed leaves its socket behind, until the next start clears it.
  upstream.on("error", () => stream.destroy());
  upstream.once("close", () => stream.destroy());
  stream.once("close", () => upstream.destroy());
}

/** The headers that make a WebSocket; the session's process needs no others, and gets no cookie. */
function describeHeaders({ headers }: IncomingMessage): string {
  const kept = [
    "connection",
    "upgrade",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-protocol",
  ];
  const lines = kept.flatMap((name) => (headers[name] ? [`${name}: ${headers[name]}\r\n`] : []));
  return `Host: session\r\n${lines.join("")}`;
}
