import type { WebSocket } from "ws";
import { type Channel, socketChannel } from "../../../shared/channel/channel.ts";

/** A WebSocket as a channel; sending settles when the message has left, so who waits for that holds nothing for a slow client. */
export function webSocketChannel(socket: WebSocket): Channel {
  return socketChannel(
    socket,
    (to, message) => new Promise<void>((resolve) => to.send(message, () => resolve())),
  );
}
