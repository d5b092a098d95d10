import type { IncomingMessage } from "node:http";
import { formatDuration } from "../../shared/format.ts";
import type { GuestReply } from "./action-desk.ts";
import { FailedTry, malformedReply, wrongMethod } from "./failed-try.ts";

/** Whether the sender may take the connection's end for the body's end, as HTTP has it for replies only. */
export function lacksLength({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === "1.0" && !("content-length" in headers || "transfer-encoding" in headers);
}

/** @throws FailedTry when a reply is no POST. */
export function requirePost({ request, openWebSocket }: GuestReply): void {
  if (request.method !== "POST") throw wrongMethod(request.method, "POST");
  if (openWebSocket) throw malformedReply("the reply asks for a WebSocket, which only a shell gets");
}

interface BodyOptions {
  /** Cuts the connection. */
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection is cut. */
  readonly stallTimeout: number;
}

/**
 * The body of a guest's reply to an action, piece by piece, each of which is the taker's alone; no more of it is read
 * than is taken.
 *
 * @throws FailedTry when it breaks off, stalls, or has no known end; the signal's reason.
 */
export async function* replyBody(
  request: IncomingMessage,
  { signal, stallTimeout }: BodyOptions,
): AsyncGenerator<Uint8Array> {
  if (lacksLength(request)) throw malformedReply("a body sent with HTTP/1.0 needs a Content-Length header");
  let why = "its connection broke";
  const cut = () => void request.destroy();
  const onStall = () => {
    why = `nothing came for ${formatDuration(stallTimeout)}`;
    cut();
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", cut);
  let timer = setTimeout(onStall, stallTimeout);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      // The time that the reader takes is not the guest's.
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(onStall, stallTimeout);
    }
  } catch {
    signal.throwIfAborted();
    throw new FailedTry("guest-action-failed", `the guest's answer broke off: ${why}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cut);
  }
}
