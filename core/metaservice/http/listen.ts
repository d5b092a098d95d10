import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { listenOnSocket } from "../../network/listen-on-socket.ts";
import { checkSocketPath } from "./guest-network.ts";

/** The address of a MetaService. */
export type MetaServiceAddress =
  /** The unix socket to create, in a folder that only its user may enter (mode 0700). */
  | { readonly socketPath: string }
  /** A port of 127.0.0.1, which all users of this host can reach; 0 for one that is free. */
  | { readonly port: number };

/** A MetaService's address that is listened on, until it is disposed of. */
export interface Listening extends Disposable {
  /** For people and for guest tools: the socket's path, or `127.0.0.1:PORT`. */
  readonly address: string;
}

/**
 * Listens; a unix socket is kept as `listenOnSocket` does.
 *
 * @throws AppError `path-too-long` when a relay could not be told the socket's path; the system's error when that
 *   place is not available.
 */
export async function listen(server: Server, place: MetaServiceAddress): Promise<Listening> {
  if ("port" in place) {
    await once(server.listen(place.port, "127.0.0.1"), "listening");
    // A string is the path of a unix socket only.
    const { address, port } = server.address() as AddressInfo;
    return { address: `${address}:${port}`, [Symbol.dispose]: () => void server.close() };
  }
  checkSocketPath(place.socketPath);
  const listening = await listenOnSocket(server, place.socketPath);
  return { ...listening, address: place.socketPath };
}
