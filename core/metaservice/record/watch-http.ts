import { IncomingMessage, ServerResponse } from "node:http";
import type { ExchangeHeaders } from "../../../shared/guest/exchange.ts";

/** Receives the bytes of one exchange on the connection. */
export interface ExchangeWatcher {
  /** The guest sent a part of the request's body. */
  received(bytes: Uint8Array): void;
  /** The request was read to its end. */
  requestEnded(): void;
  /** The reply's first byte was sent. */
  replied(status: number, headers: ExchangeHeaders): void;
  /** A part of the reply's body was sent. */
  sent(bytes: Uint8Array): void;
  /** All of the reply was sent. */
  replyEnded(): void;
}

/** A request whose body is seen as it comes from the connection, whether and however it is read. */
export class WatchedRequest extends IncomingMessage {
  watcher: ExchangeWatcher | undefined = undefined;

  // Node's parser hands on each piece by this method, and null at the end.
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk === null) this.watcher?.requestEnded();
    else this.watcher?.received(chunk);
    return super.push(chunk, encoding);
  }
}

/** A reply that is recorded as its handler writes it. */
export class WatchedReply extends ServerResponse<WatchedRequest> {
  watcher: ExchangeWatcher | undefined = undefined;
  #isHeadSent = false;

  override assignSocket(...args: Parameters<ServerResponse["assignSocket"]>): void {
    super.assignSocket(...args);
    this.#noteHead();
  }

  override flushHeaders(): void {
    super.flushHeaders();
    this.#noteHead();
  }

  // biome-ignore lint/suspicious/noExplicitAny: Node's overloads have no other common type.
  override write(chunk: any, ...rest: any[]): boolean {
    const result = super.write(chunk, ...(rest as []));
    this.#noteWritten(chunk, rest[0]);
    return result;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  override end(...args: any[]): this {
    super.end(...(args as []));
    this.#noteWritten(args[0], args[1]);
    return this;
  }

  #noteWritten(chunk: unknown, encoding: unknown): void {
    if (!this.watcher) return;
    this.#noteHead();
    // Node leaves out the body of a reply that may have none.
    if (this.req.method === "HEAD" || this.statusCode === 204 || this.statusCode === 304) return;
    if (typeof chunk === "string") {
      if (chunk !== "") this.watcher.sent(Buffer.from(chunk, toEncoding(encoding)));
    } else if (chunk instanceof Uint8Array) this.watcher.sent(chunk);
  }

  #noteHead(): void {
    // While an earlier request on the connection has no reply, this one's waits, without a connection.
    if (!this.watcher || this.#isHeadSent || !this.headersSent || this.socket === null) return;
    this.#isHeadSent = true;
    this.watcher.replied(this.statusCode, sentHeaders(this));
  }
}

/** Options of a server whose exchanges can be watched. */
export const watchedMessages = { IncomingMessage: WatchedRequest, ServerResponse: WatchedReply };

/** Has an exchange watched from its beginning. To be called at once, before either is used. */
export function watchExchange(request: WatchedRequest, reply: WatchedReply, watcher: ExchangeWatcher): void {
  request.watcher = watcher;
  reply.watcher = watcher;
  const { socket } = request;
  // Before the server's own listener, which may close the connection.
  reply.prependOnceListener("finish", () => {
    // Node 22 says so of a reply whose connection broke, too.
    if (socket.destroyed) return;
    // Else Node would drop the rest of the request unseen. It makes no difference to the sender.
    if (!request.complete && request.readableFlowing === null) request.resume();
    watcher.replyEnded();
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
