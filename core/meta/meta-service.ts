import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Task, TaskResult } from "../../shared/guest-protocol.ts";
import { checkSocketPath } from "./guest-network.ts";
import { errorBody, sendError } from "./http-reply.ts";
import * as limits from "./limits.ts";
import {
  type Endpoint,
  executeEndpoint,
  logEndpoint,
  pingEndpoint,
  pollEndpoint,
  resultEndpoints,
} from "./task-endpoints.ts";

export interface MetaServiceOptions {
  /** The unix socket to create, in a folder that only its user may enter (mode 0700). */
  readonly socketPath: string;
  /** What the guest is to run. Without it, while an image is being built, only log and ping are served. */
  readonly task?: Task | undefined;
  /**
   * Takes a piece of a task log; it is awaited, so a slow one slows the guest down. Several logs at once call it
   * concurrently, each in its own order. When it rejects, the guest is told so and that log ends.
   */
  readonly log: (chunk: Uint8Array) => void | Promise<void>;
  /** Called once, with the first result that the guest reports. */
  readonly onResult?: (result: TaskResult) => void;
  /** Called for each request, and each piece of a log: a sign of life from the guest. */
  readonly onActivity?: () => void;
  /** Milliseconds after which a poll is answered without an action. */
  readonly pollTimeout?: number;
  /** Milliseconds in which a request's headers have to come. */
  readonly headersTimeout?: number;
}

/** What one virtual machine finds at http://169.254.169.254/. */
export interface MetaService extends AsyncDisposable {
  /**
   * Cuts all connections and removes the socket. Waits until `log` has taken what had arrived, and doesn't call it
   * again: so `log` must settle, and must not wait for this.
   */
  close(): Promise<void>;
}

/**
 * Listens on a unix socket of mode 0600.
 *
 * @throws AppError `path-too-long` when a relay could not be told the socket's path; the system's error when the
 *   socket can't be created.
 */
export async function startMetaService(options: MetaServiceOptions): Promise<MetaService> {
  checkSocketPath(options.socketPath);
  const endpoints = endpointsOf(options);
  const running = new Set<Promise<void>>();
  const server = createGuestServer(options.headersTimeout ?? limits.headersTimeout);
  server.on("request", (request, response) => {
    options.onActivity?.();
    const done = serve(endpoints, request, response).finally(() => running.delete(done));
    running.add(done);
  });
  await once(server.listen(options.socketPath), "listening");
  // A connection that can't be accepted, as when file descriptors run out, is the guest's loss alone.
  server.on("error", () => {});
  await chmod(options.socketPath, 0o600);

  const end = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    await Promise.all(running);
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };
  return { close, [Symbol.asyncDispose]: close };
}

function endpointsOf(options: MetaServiceOptions): ReadonlyMap<string, Endpoint> {
  const log = logEndpoint((chunk) => {
    options.onActivity?.();
    return options.log(chunk);
  });
  const endpoints: Record<string, Endpoint> = {
    ping: pingEndpoint,
    log,
    ...(options.task && taskEndpoints(options, options.task)),
  };
  return new Map(Object.entries(endpoints).map(([name, endpoint]) => [`/engine/v1/${name}`, endpoint]));
}

function taskEndpoints(options: MetaServiceOptions, task: Task) {
  return {
    execute: executeEndpoint(task),
    ...resultEndpoints((result) => options.onResult?.(result)),
    poll: pollEndpoint(options.pollTimeout ?? limits.pollTimeout),
  };
}

async function serve(
  endpoints: ReadonlyMap<string, Endpoint>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = URL.parse(request.url ?? "", "http://169.254.169.254")?.pathname ?? "";
  const endpoint = endpoints.get(path);
  if (!endpoint) return sendError(response, 404, "NoSuchEndPoint", `there is no end point ${path}`);
  if (request.method !== endpoint.method) {
    response.setHeader("Allow", endpoint.method);
    return sendError(response, 405, "MethodNotAllowed", `${path} takes ${endpoint.method} only`);
  }
  try {
    await endpoint.handle(request, response);
  } catch {
    // Not the error itself: it may tell of the host, and whoever threw it knows it.
    sendError(response, 500, "InternalError", `the host failed to serve ${request.method} ${path}`);
  }
}

/** An HTTP server for clients of every kind, from Go's to a line of shell, none of which is trusted. */
function createGuestServer(headersTimeout: number): Server {
  const server = createServer({
    headersTimeout,
    connectionsCheckingInterval: Math.ceil(headersTimeout / 4),
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
  server.on("clientError", refuseMalformed);
  return server;
}

/** Answers what is not HTTP. A client that broke off, or never sent its headers, gets no answer. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A request that was to be the connection's last has bytes behind it: its reply is on the way, and closes.
  if (error.code === "HPE_CLOSED_CONNECTION") return;
  const malformed = error.code?.startsWith("HPE_") && error.code !== "HPE_INVALID_EOF_STATE";
  if (!malformed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorBody("InvalidPayload", `the request is not valid HTTP: ${error.message}`);
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
