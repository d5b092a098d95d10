import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { makeSocketFolders } from "../../network/listen-on-socket.ts";
import type { QmpClient } from "./qmp-client.ts";

/**
 * Returns a function that opens a new connection to QEMU's VNC server. If its socket was removed, QEMU makes it again;
 * those who are connected stay so.
 *
 * @throws AppError `qemu-failed` if QEMU can't make it again: before 7.1 it knows no such command
 */
export function createScreenOpener(qmp: QmpClient, path: string): () => Promise<Socket> {
  let listening: Promise<void> | undefined;
  // Shared, since QEMU drops connections that it has not accepted yet when it listens again.
  const listenAgain = () => {
    listening ??= makeSocketAgain(qmp, path).finally(() => {
      listening = undefined;
    });
    return listening;
  };
  return async () => {
    try {
      return await connectTo(path);
    } catch (error) {
      if (!hasErrorCode(error, "ENOENT", "ECONNREFUSED")) throw error;
      await listenAgain();
      return await connectTo(path);
    }
  };
}

async function makeSocketAgain(qmp: QmpClient, path: string): Promise<void> {
  makeSocketFolders(path);
  await qmp.execute("display-update", { type: "vnc", addresses: [{ type: "unix", path }] });
}

async function connectTo(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  return socket;
}
