import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { WebSocket, WebSocketServer } from "ws";

/** The address of a MetaService. */
export type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** A request of the guest, on its way. */
export interface PassedRequest {
  readonly method: string;
  /** The last part of the path, and the query: `reply?id=ID`. */
  readonly endpoint: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether it is passed on in chunks, without a length. */
  readonly isChunked?: boolean;
}
export interface PassedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The changes that a proxy makes. */
export interface Alteration {
  /** Answers a request itself, or never; it may wait, pass on other requests, or the same one, changed. */
  readonly answer?: (
    request: PassedRequest,
    pass: (request: PassedRequest) => Promise<PassedResponse>,
  ) => Promise<PassedResponse>;
  /** Answers a log before its end; without it, a log is passed on piece by piece. */
  readonly answerLog?: (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    pass: (request: PassedRequest) => Promise<PassedResponse>,
  ) => boolean;
  /** Changes a message of a shell; undefined drops it. `send` sends one back to its sender. */
  readonly message?: (
    from: "guest" | "host",
    bytes: Buffer,
    send: (bytes: Uint8Array) => void,
  ) => Uint8Array | undefined;
  /** Whether requests are passed on whose client is gone. */
  readonly keepsRequests?: boolean;
  /** Whether a shell that gets Abort is kept open: nothing that the host sends from then on is read, not even its close. */
  readonly keepsAborted?: boolean;
  /** Whether the host's pings on a shell's connection are kept from the guest. */
  readonly keepsPings?: boolean;
  /** Whether pings on a shell's connection are left unanswered. */
  readonly ignoresPings?: boolean;
}

/** A proxy between guest tools and a MetaService. */
export interface AlteringProxy extends AsyncDisposable {
  readonly port: number;
}

/** @param target finds the service, which may begin later than the proxy */
export async function startAlteringProxy(
  target: () => Target,
  alteration: Alteration,
): Promise<AlteringProxy> {
  const passTo = async (passed: PassedRequest, signal: AbortSignal): Promise<PassedResponse> => {
    const { method, endpoint, headers, body, isChunked = false } = passed;
    const length = isChunked ? { "transfer-encoding": "chunked" } : { "content-length": `${body.length}` };
    const sent = { ...withoutHops(headers), ...length };
    const outgoing = request({
      ...target(),
      method,
      path: `/engine/v1/${endpoint}`,
      headers: sent,
      agent: false,
      ...(!alteration.keepsRequests && { signal }),
    });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await buffer(incoming) };
  };
  const server = createServer(async (incoming, outgoing) => {
    const endpoint = (incoming.url ?? "").replace(/^\/engine\/v1\//, "");
    const { method = "", headers } = incoming;
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    const pass = (passed: PassedRequest) => passTo(passed, gone.signal);
    try {
      if (endpoint === "log" && method === "POST") {
        if (!alteration.answerLog?.(incoming, outgoing, pass)) await passLog(target(), incoming, outgoing);
        return;
      }
      const passed = { method, endpoint, headers, body: await buffer(incoming) };
      const response = await (alteration.answer ?? ((one, on) => on(one)))(passed, pass);
      outgoing.writeHead(response.status, {
        ...withoutHops(response.headers),
        "content-length": `${response.body.length}`,
      });
      outgoing.end(response.body);
    } catch {
      outgoing.destroy();
    }
  });
  const shells = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: !alteration.ignoresPings,
  });
  server.on("upgrade", (incoming, socket, head) =>
    shells.handleUpgrade(incoming, socket, head, (guest) => {
      const service = target();
      const url =
        "socketPath" in service
          ? `ws+unix:${service.socketPath}:${incoming.url}`
          : `ws://${service.host}:${service.port}${incoming.url}`;
      const autoPong = !alteration.ignoresPings;
      relayShell(guest, new WebSocket(url, { perMessageDeflate: false, autoPong }), alteration);
    }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      for (const guest of shells.clients) guest.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Passes a log on as it comes. */
async function passLog(target: Target, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const onward = request({
    ...{ ...target, method: "POST", path: "/engine/v1/log", agent: false },
    headers: withoutHops(incoming.headers),
  });
  onward.on("error", () => outgoing.destroy());
  incoming.on("error", () => onward.destroy());
  incoming.pipe(onward);
  const [response] = (await once(onward, "response")) as [IncomingMessage];
  outgoing.writeHead(response.statusCode ?? 0, withoutHops(response.headers));
  response.pipe(outgoing);
}

/** Headers without those that are about one connection. */
function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const {
    connection: _connection,
    "transfer-encoding": _encoding,
    "content-length": _length,
    ...rest
  } = headers;
  return rest;
}

/** The type of the message Abort. */
const abortType = 4;

function relayShell(
  guest: WebSocket,
  host: WebSocket,
  { message, keepsAborted, keepsPings }: Alteration,
): void {
  const early: Uint8Array[] = [];
  host.on("open", () => {
    for (const bytes of early) host.send(bytes);
  });
  const sendToHost = (bytes: Uint8Array) =>
    host.readyState === WebSocket.OPEN ? host.send(bytes) : early.push(bytes);
  guest.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) return;
    const bytes = message ? message("guest", data, (back) => guest.send(back)) : data;
    if (bytes) sendToHost(bytes);
  });
  host.on("message", (data: Buffer) => {
    if (keepsAborted && data[0] === abortType) return host.pause();
    const bytes = message ? message("host", data, sendToHost) : data;
    if (bytes) guest.send(bytes);
  });
  if (!keepsPings) host.on("ping", (data) => guest.ping(data));
  guest.on("close", (code) => host.close(code === 1000 ? 1000 : undefined));
  host.on("close", (code) => guest.close(code === 1000 ? 1000 : undefined));
  for (const socket of [guest, host]) socket.on("error", () => socket.terminate());
}
