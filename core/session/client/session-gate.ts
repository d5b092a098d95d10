import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";
import type { Channel } from "../../../shared/channel/channel.ts";
import { isLocked } from "../../files/locks/file-lock.ts";
import { statusOf } from "../../files/regular-file.ts";
import { holdSession } from "../../session-record/hold-session.ts";
import { type Paths, type SessionPaths, sessionPaths } from "../../storage/paths.ts";
import type { FindService } from "../serve/session-services.ts";
import { createSessionSockets, type SocketRequest } from "../serve/session-sockets.ts";
import { webSocketChannel } from "../serve/web-socket-channel.ts";
import { endedSessionServices, type FindRecording } from "./ended-session.ts";

const endedSessions = createSessionSockets();

/** A session that a client wants to join. */
interface JoinedSession {
  readonly paths: Paths;
  readonly session: string;
  readonly findRecording: FindRecording;
}

/**
 * Passes a WebSocket on to the session that it is for: to its own process while that runs, byte for byte; else it is
 * answered from the session's files. Its lock shows whether it runs: a process that was killed leaves its socket
 * behind. The caller has made sure that the client may do so.
 */
export function joinSession({ paths, session, findRecording }: JoinedSession, socket: SocketRequest): void {
  const files = sessionPaths(paths, session);
  if (isLocked(files.lock)) passOn(files.apiSocket, socket);
  else {
    const held = holdSession(files);
    socket.stream.once("close", () => held?.[Symbol.dispose]());
    endedSessions.accept(socket, endedServices(session, files, findRecording));
  }
}

/**
 * As `joinSession`, for a channel of any kind: its messages are passed on to the session's own process, or answered
 * from the session's files. It is closed when there is no such session, or nothing at it by that name.
 *
 * @param target path and query at the session
 */
export function joinSessionChannel(
  { paths, session, findRecording }: JoinedSession,
  target: string,
  channel: Channel,
): void {
  const files = sessionPaths(paths, session);
  if (isLocked(files.lock)) connectChannels(channel, dial(files.apiSocket, target));
  else {
    const service = endedServices(session, files, findRecording)(target);
    if (typeof service === "string") {
      channel.close();
      return;
    }
    const held = holdSession(files);
    channel.onClose(() => held?.[Symbol.dispose]());
    service.serve(channel);
  }
}

function dial(apiSocket: string, target: string): Channel {
  const socket = new WebSocket(`ws+unix:${apiSocket}:${target}`, { perMessageDeflate: false });
  // The reason why a connection ends is also given by its close.
  socket.on("error", () => {});
  return webSocketChannel(socket);
}

/** Passes the messages of either on to the other; they end together. */
function connectChannels(one: Channel, other: Channel): void {
  one.onMessage((message) => void other.send(message));
  other.onMessage((message) => void one.send(message));
  one.onClose(other.close);
  other.onClose(one.close);
}

function endedServices(session: string, files: SessionPaths, findRecording: FindRecording): FindService {
  return statusOf(files.events) ? endedSessionServices(session, files, findRecording) : () => "not-found";
}

function passOn(apiSocket: string, { request, target, stream, head }: SocketRequest): void {
  const upstream = connect(apiSocket);
  upstream.once("connect", () => {
    upstream.write(`GET ${target} HTTP/1.1\r\n${describeHeaders(request)}\r\n`);
    upstream.write(head);
    stream.pipe(upstream).pipe(stream);
  });
  // It has just ended, or makes its socket again. The client comes back, as after any lost connection.
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
