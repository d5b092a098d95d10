import { once } from "node:events";
import { chmodSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname } from "node:path";
import { makePrivateFolder } from "../files/private-folder.ts";

/** A look at a file costs microseconds; a person who finds that nothing answers tries again after about this time. Milliseconds. */
const usualCheckInterval = 2_000;

/**
 * Listens on a unix socket of mode 0600. When somebody removes its file or its folder, a cleaner of temporary files for
 * example, both are made again, and those who are connected stay so. Disposing it ends the listening.
 *
 * @throws the system's error when the socket can't be made.
 */
export async function listenOnSocket(
  server: Server,
  path: string,
  checkInterval = usualCheckInterval,
): Promise<Disposable> {
  let inode = await listenAt(server, path);
  let substitute: Server | undefined;
  let isChecking = false;
  const listenAgain = async () => {
    substitute?.close();
    makeSocketFolders(path);
    // The server itself can't listen a second time without cutting off those who are connected and idle.
    substitute = createServer({ allowHalfOpen: true }, (socket) => server.emit("connection", socket)).unref();
    inode = await listenAt(substitute, path);
  };
  const timer = setInterval(async () => {
    if (isChecking || inodeOf(path) === inode) return;
    isChecking = true;
    // On a full disk, for example: it is tried again.
    await listenAgain().catch(() => {});
    isChecking = false;
  }, checkInterval);
  timer.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      substitute?.close();
      server.close();
    },
  };
}

/** Makes the folder of a session's socket again, and the one above it. */
export function makeSocketFolders(path: string): void {
  makePrivateFolder(dirname(dirname(path)));
  makePrivateFolder(dirname(path));
}

/** @returns the inode of the socket's file */
async function listenAt(server: Server, path: string): Promise<number | undefined> {
  await once(server.listen(path), "listening");
  chmodSync(path, 0o600);
  return inodeOf(path);
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
