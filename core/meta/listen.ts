import { once } from "node:events";
import { chmod } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkSocketPath } from "./guest-network.ts";

/** Where a MetaService is found. */
export type MetaServiceAddress =
  /** The unix socket to create, in a folder that only its user may enter (mode 0700). */
  | { readonly socketPath: string }
  /** A port of 127.0.0.1, which all users of this host can reach; 0 for one that is free. */
  | { readonly port: number };

/**
 * Listens; a unix socket gets mode 0600.
 *
 * @returns where, for people and for guest tools: the socket's path, or `127.0.0.1:PORT`.
 * @throws AppError `path-too-long` when a relay could not be told the socket's path; the system's error when that
 *   place can't be had.
 */
export async function listen(server: Server, place: MetaServiceAddress): Promise<string> {
  if ("port" in place) {
    await once(server.listen(place.port, "127.0.0.1"), "listening");
    // A string is the path of a unix socket only.
    const { address, port } = server.address() as AddressInfo;
    return `${address}:${port}`;
  }
  checkSocketPath(place.socketPath);
  await once(server.listen(place.socketPath), "listening");
  await chmod(place.socketPath, 0o600);
  return place.socketPath;
}
