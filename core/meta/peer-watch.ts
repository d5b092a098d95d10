import type { WebSocket } from "ws";
import { formatDuration } from "../../shared/format.ts";
import type { MetaLimits } from "./limits.ts";

/**
 * Watches over a WebSocket until it closes: pings it, answers its pings, and calls `onDead` with what it failed to do
 * when it does not answer, or takes nothing.
 *
 * @returns what sends a message; one that comes too late for that is dropped.
 */
export function watchPeer(
  socket: WebSocket,
  limits: MetaLimits,
  onDead: (why: string) => void,
): (message: Uint8Array) => void {
  let open = true;
  let unwritten = 0;
  let stuck: NodeJS.Timeout | undefined;
  const after = (time: number, what: string) =>
    setTimeout(() => onDead(`${what} for ${formatDuration(time)}`), time);
  const awaitPong = () => after(limits.shellPongTimeout, "its end of the connection answered no ping");
  const awaitWrite = () => {
    stuck = after(limits.shellWriteTimeout, "its end of the connection took nothing");
  };
  /** Counts a write that begins. @returns what to call when it was done */
  const writing = () => {
    if (unwritten++ === 0) awaitWrite();
    return () => {
      clearTimeout(stuck);
      if (--unwritten > 0 && open) awaitWrite();
    };
  };

  let silence = awaitPong();
  const pings = setInterval(() => socket.ping(undefined, undefined, writing()), limits.shellPingInterval);
  socket.on("pong", () => {
    clearTimeout(silence);
    silence = awaitPong();
  });
  socket.on("ping", (data) => {
    if (socket.bufferedAmount <= limits.shellUnsentBytes) socket.pong(data, undefined, writing());
  });
  socket.once("close", () => {
    open = false;
    clearInterval(pings);
    clearTimeout(silence);
    clearTimeout(stuck);
  });
  return (message) => {
    if (socket.readyState === socket.OPEN) socket.send(message, writing());
  };
}
