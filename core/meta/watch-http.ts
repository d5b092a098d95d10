import { IncomingMessage, type ServerResponse } from "node:http";
import type { ExchangeHeaders } from "../../shared/exchange.ts";

/** Takes what comes of a body. */
interface BodyWatcher {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onEnd: () => void;
}

interface ReplyWatcher extends BodyWatcher {
  /** Called when the reply's first byte was sent. */
  readonly onHead: (status: number, headers: ExchangeHeaders) => void;
}

/** Sees a request's body as it comes from the connection, whether and however it is read. */
export function watchRequest(request: IncomingMessage, { onBytes, onEnd }: BodyWatcher): void {
  // Node's parser hands on each piece by this method, and null at the end.
  request.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) onEnd();
    else onBytes(chunk);
    return IncomingMessage.prototype.push.call(request, chunk, encoding);
  };
}

/** Sees a reply as whoever serves the request writes it. */
export function watchReply(
  request: IncomingMessage,
  response: ServerResponse,
  { onHead, onBytes, onEnd }: ReplyWatcher,
): void {
  const { socket } = request;
  let isHeadSent = false;
  const noteHead = () => {
    // While an earlier request on the connection has no reply, this one's waits, without a connection.
    if (isHeadSent || !response.headersSent || response.socket === null) return;
    isHeadSent = true;
    onHead(response.statusCode, sentHeaders(response));
  };
  const noteBytes = (chunk: unknown, encoding: unknown) => {
    // Node leaves out the body of a reply that may have none.
    if (request.method === "HEAD" || [204, 304].includes(response.statusCode)) return;
    if (typeof chunk === "string") onBytes(Buffer.from(chunk, toEncoding(encoding)));
    else if (chunk instanceof Uint8Array) onBytes(chunk);
  };
  after(response, "assignSocket", noteHead);
  after(response, "flushHeaders", noteHead);
  for (const name of ["write", "end"] as const)
    after(response, name, (chunk, encoding) => {
      noteHead();
      noteBytes(chunk, encoding);
    });
  // Before the server's own listener, which may close the connection.
  response.prependOnceListener("finish", () => {
    // Node 22 says so of a reply whose connection broke, too.
    if (socket.destroyed) return;
    // Else Node would drop what is left of the request unseen. It is the same to the sender.
    if (!request.complete && request.readableFlowing === null) request.resume();
    onEnd();
  });
}

/** Has something done after each call of a method of one object, with the call's arguments. */
function after(
  response: ServerResponse,
  name: "assignSocket" | "flushHeaders" | "write" | "end",
  then: (...args: readonly unknown[]) => void,
): void {
  const method = response[name] as (...args: unknown[]) => unknown;
  Object.assign(response, {
    [name]: (...args: unknown[]) => {
      const result = method.apply(response, args);
      then(...args);
      return result;
    },
  });
}

function toEncoding(encoding: unknown): BufferEncoding {
  return typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8";
}

/** The headers as they are on the wire, with those that Node adds. */
function sentHeaders(response: ServerResponse): ExchangeHeaders {
  // Node keeps the head as text, and has no other word of what it adds.
  const head = String(Reflect.get(response, "_header"));
  return head
    .trimEnd()
    .split("\r\n")
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
}
