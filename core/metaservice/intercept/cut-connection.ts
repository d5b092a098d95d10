import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Cut } from "../../../shared/rules/rule.ts";

/**
 * Cuts a connection. A unix socket has no reset: there it is closed, which the guest sees as an end of the connection.
 */
export function cutConnection(socket: Duplex, by: Cut["by"]): void {
  if (by === "half-close") socket.end();
  // Only TCP sockets have a remote port.
  else if (by === "reset" && socket instanceof Socket && socket.remotePort !== undefined)
    socket.resetAndDestroy();
  else socket.destroy();
}

/**
 * Closes a connection on which no answer will come, when its other end closes. Without this it would stay half-open for as
 * long as the service runs.
 */
export function closeWithGuest(socket: Duplex): void {
  socket.once("end", () => socket.destroy());
}
