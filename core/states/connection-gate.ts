import { once } from "node:events";
import { createServer } from "node:net";
import { listenOnSocket } from "../network/listen-on-socket.ts";
import type { GuestClock } from "../time/guest-clock.ts";

/** A connection of the guest's has come this long after the guest was paused, at the latest: a relay starts. Milliseconds. */
const quietTime = 250;

/** Takes connections in place of a MetaService, and closes each at once, as if the service were not there yet. */
export interface ConnectionGate extends Disposable {
  /** Waits for the first connection. */
  untilConnected(): Promise<void>;
  /** Waits for a moment. @returns whether no connection has come in it */
  isQuiet(): Promise<boolean>;
}

export async function openGate(socketPath: string, clock: GuestClock): Promise<ConnectionGate> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {}).destroy();
  });
  const first = once(server, "connection");
  const listening = await listenOnSocket(server, socketPath);
  return {
    untilConnected: async () => void (await first),
    isQuiet: async () => {
      const before = connections;
      await new Promise<void>((resolve) => clock.after(quietTime, resolve));
      return connections === before;
    },
    [Symbol.dispose]: listening[Symbol.dispose],
  };
}
