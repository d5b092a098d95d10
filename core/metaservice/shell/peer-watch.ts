import type { WebSocket } from "ws";
import { formatDuration } from "../../../shared/text/format.ts";
import type { MetaLimits } from "../limits.ts";

/**
 * Watches over a WebSocket until it closes: pings it, answers its pings, and calls `onDead` with a reason when it
 * does not answer, or takes nothing.
 *
 * @returns a function that sends a message; one that comes too late is dropped.
 */
export function watchPeer(
  socket: WebSocket,
  limits: MetaLimits,
  onDead: (why: string) => void,
): (message: Uint8Array) => void {
  let open = true;
  let unwritten = 0;
  let stuck: Disposable | undefined;
  const after = (time: number, what: string) =>
    limits.clock.after(time, () => onDead(`${what} for ${formatDuration(time)}`));
  const awaitPong = () => after(limits.shellPongTimeout, "its end of the connection did not answer pings");
  const awaitWrite = () => {
    stuck = after(limits.shellWriteTimeout, "its end of the connection accepted no data");
  };
  /** Counts a write that begins. @returns a function to call when it was done */
  const writing = () => {
    if (unwritten++ === 0) awaitWrite();
    return () => {
      stuck?.[Symbol.dispose]();
      if (--unwritten > 0 && open) awaitWrite();
    };
  };

  let silence = awaitPong();
  const ping = () => socket.ping(undefined, undefined, writing());
  const pings = limits.clock.every(limits.shellPingInterval, ping);
  socket.on("pong", () => {
    silence[Symbol.dispose]();
    silence = awaitPong();
  });
  socket.on("ping", (data) => {
    if (socket.bufferedAmount <= limits.shellUnsentBytes) socket.pong(data, undefined, writing());
  });
  socket.once("close", () => {
    open = false;
    for (const wait of [pings, silence, stuck]) wait?.[Symbol.dispose]();
  });
  return (message) => {
    if (socket.readyState === socket.OPEN) socket.send(message, writing());
  };
}
