import type { IncomingMessage, ServerResponse } from "node:http";
import type { MetaLimits } from "../limits.ts";

/**
 * Cuts the connection of a sender that, so long after it had its reply, has not ended its request. Until then the rest
 * of the request is read, and thrown away: cut at once, the sender might miss the reply.
 */
export function limitUnreadBody(
  request: IncomingMessage,
  response: ServerResponse,
  { unreadBodyTimeout, clock }: Pick<MetaLimits, "unreadBodyTimeout" | "clock">,
): void {
  response.once("finish", () => {
    const { socket } = request;
    if (request.complete || socket.destroyed) return;
    const stop = () => {
      alarm[Symbol.dispose]();
      request.off("end", stop);
      socket.off("close", stop);
    };
    const alarm = clock.after(unreadBodyTimeout, () => socket.destroy());
    request.once("end", stop);
    socket.once("close", stop);
  });
}
