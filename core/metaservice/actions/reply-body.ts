import type { IncomingMessage } from "node:http";
import { formatDuration } from "../../../shared/text/format.ts";
import { bodyPieces } from "../http/body-pieces.ts";
import type { MetaLimits } from "../limits.ts";
import type { GuestReply } from "./action-dispatcher.ts";
import { FailedTry, malformedReply, wrongMethod } from "./failed-try.ts";

/** Whether the sender may take the connection's end for the body's end, as HTTP has it for replies only. */
export function lacksLength({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === "1.0" && !("content-length" in headers || "transfer-encoding" in headers);
}

/** @throws FailedTry when a reply is not a POST. */
export function requirePost({ request, openWebSocket }: GuestReply): void {
  if (request.method !== "POST") throw wrongMethod(request.method, "POST");
  if (openWebSocket) throw malformedReply("the reply asks for a WebSocket, which only a shell gets");
}

interface BodyOptions {
  /** Cuts the connection. */
  readonly signal: AbortSignal;
  /** The time without data after which the connection is closed, and the clock for it. */
  readonly limits: Pick<MetaLimits, "replyStallTimeout" | "clock">;
}

/**
 * The body of a guest's reply to an action, piece by piece, each of which is the taker's alone; no more of it is read
 * than is taken.
 *
 * @throws FailedTry when it is interrupted, stalls, or has no known end; the signal's reason.
 */
export async function* replyBody(
  request: IncomingMessage,
  { signal, limits: { replyStallTimeout, clock } }: BodyOptions,
): AsyncGenerator<Uint8Array> {
  if (lacksLength(request)) throw malformedReply("a body sent with HTTP/1.0 needs a Content-Length header");
  let why = "its connection broke";
  const cut = () => void request.destroy();
  const onStall = () => {
    why = `no data arrived for ${formatDuration(replyStallTimeout)}`;
    cut();
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", cut);
  let alarm = clock.after(replyStallTimeout, onStall);
  try {
    for await (const chunk of bodyPieces(request)) {
      // The time that the reader takes is not the guest's.
      alarm[Symbol.dispose]();
      yield chunk;
      alarm = clock.after(replyStallTimeout, onStall);
    }
    signal.throwIfAborted();
    if (!request.readableEnded)
      throw new FailedTry("guest-action-failed", `the guest's answer was interrupted: ${why}`);
  } finally {
    alarm[Symbol.dispose]();
    signal.removeEventListener("abort", cut);
  }
}
