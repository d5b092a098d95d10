import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes on what comes from one end of a connection to the other, until it ends. */
export type Passage = (from: Socket, to: Socket) => void;

/** Joins connections to a port of this host, which is all that guest tools know, to a MetaService's socket. */
export interface Relay extends AsyncDisposable {
  /** HOST:PORT */
  readonly host: string;
}

/** All of it, as it comes. */
export const passAll: Passage = (from, to) => void from.pipe(to);

/** @param passageOf called for each connection, with what both of its directions then use */
export async function startRelay(socketPath: string, passageOf = () => passAll): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (guest) => {
    const service = connect({ path: socketPath, allowHalfOpen: true });
    const pass = passageOf();
    for (const [socket, other] of [
      [guest, service],
      [service, guest],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", (hadError) => {
        sockets.delete(socket);
        // An end was passed on already; what broke off must break off there too.
        if (hadError || !socket.readableEnded) other.destroy();
      });
      pass(socket, other);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
