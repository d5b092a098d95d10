import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Cuts the connection of a sender that, so long after it had its reply, has not ended its request. Until then the rest
 * of the request is read, and thrown away: cut at once, the sender might miss the reply.
 *
 * @param timeout milliseconds
 */
export function limitUnreadBody(request: IncomingMessage, response: ServerResponse, timeout: number): void {
  response.once("finish", () => {
    const { socket } = request;
    if (request.complete || socket.destroyed) return;
    const stop = () => {
      clearTimeout(timer);
      request.off("end", stop);
      socket.off("close", stop);
    };
    const timer = setTimeout(() => socket.destroy(), timeout);
    request.once("end", stop);
    socket.once("close", stop);
  });
}
