import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { beforeForcedStop } from "../../core/async/process-end.ts";
import { makePrivateFolder } from "../../core/files/private-folder.ts";
import { removeSocketsFolder } from "../../core/session-record/remove-sockets-folder.ts";
import { linkFile, linkSocket, linkSocketPort, type Paths } from "../../core/storage/paths.ts";
import { hasErrorCode } from "../../shared/errors/system-error.ts";

/** A `tinsmith serve` answers at once, unless its process was stopped. Milliseconds. */
const answerTimeout = 2_000;

/**
 * Removes the files of each killed `tinsmith serve` of this user: its socket, and the page that was to open its
 * window.
 *
 * @returns the files that were there, for the person to know
 */
export async function clearKilledLinks(paths: Paths): Promise<readonly string[]> {
  const ports = portsWithLinks(paths);
  const isLeft = await Promise.all(ports.map((port) => isRefused(linkSocket(paths, port))));
  const left = ports.filter((_port, index) => isLeft[index]);
  const files = left.flatMap((port) => [linkSocket(paths, port), linkFile(paths, port)]);
  const found = files.filter((path) => existsSync(path));
  for (const path of found) rmSync(path, { force: true });
  return found;
}

/** Whether nobody listens on a socket any more. */
async function isRefused(path: string): Promise<boolean> {
  const stream = connect(path);
  try {
    await once(stream, "connect");
    return false;
  } catch (error) {
    return hasErrorCode(error, "ECONNREFUSED");
  } finally {
    stream.destroy();
  }
}

/** Gives a new link to each of this user's processes that connects to the socket of the server on that port. */
export async function serveLinks(
  paths: Paths,
  port: number,
  newLink: () => string,
): Promise<AsyncDisposable> {
  makePrivateFolder(paths.sockets);
  const path = linkSocket(paths, port);
  const remove = () => rmSync(path, { force: true });
  // The port is this process's own, so a socket of that name is one that a killed process left.
  remove();
  const server = createServer((stream) => {
    stream.on("error", () => {});
    stream.end(newLink());
  });
  // A connection that can't be accepted is its client's loss alone.
  await once(server.listen(path), "listening");
  server.on("error", () => {});
  chmodSync(path, 0o600);
  const lastAct = beforeForcedStop("the socket for links", () => {
    remove();
    removeSocketsFolder(paths);
  });
  return {
    [Symbol.asyncDispose]: async () => {
      lastAct[Symbol.dispose]();
      server.close();
      await once(server, "close");
      removeSocketsFolder(paths);
    },
  };
}

/**
 * Asks this user's running `tinsmith serve` for a new link, or all of them when there are several.
 *
 * @param port asks the one on that port only
 */
export async function askForLinks(paths: Paths, port?: number): Promise<readonly string[]> {
  const wanted = portsWithLinks(paths).filter((one) => port === undefined || one === port);
  const links = await Promise.all(wanted.map((one) => askForLink(linkSocket(paths, one))));
  return links.filter((link) => link !== "");
}

/** The ports for which there are sockets. */
function portsWithLinks(paths: Paths): readonly number[] {
  if (!existsSync(paths.sockets)) return [];
  makePrivateFolder(paths.sockets);
  return readdirSync(paths.sockets).flatMap((name) => linkSocketPort(name) ?? []);
}

/** An empty text from a server that was killed, or hangs. */
async function askForLink(path: string): Promise<string> {
  const stream = connect(path);
  stream.setTimeout(answerTimeout, () => stream.destroy());
  try {
    return await text(stream);
  } catch {
    return "";
  }
}
