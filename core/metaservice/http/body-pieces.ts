import type { IncomingMessage } from "node:http";

const events = ["readable", "end", "close"] as const;

/**
 * A request's body, piece by piece, each of which is the taker's alone; no more of it is read than is taken. When the
 * client disconnects, it ends with what had arrived until then, and the request is destroyed.
 *
 * Node's own iterator takes longer, and throws away what a broken request still holds.
 */
export async function* bodyPieces(request: IncomingMessage): AsyncGenerator<Buffer, void, void> {
  let wake = () => {};
  const onChange = () => wake();
  for (const event of events) request.on(event, onChange);
  try {
    for (;;) {
      for (let piece = request.read(); piece !== null; piece = request.read()) yield piece;
      if (request.readableEnded || request.destroyed) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    for (const event of events) request.off(event, onChange);
  }
}
