import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Takes a request. `begin` is called at once, and what it returns when all earlier requests on the connection were
 * answered. Neither is called for a request that is not served.
 */
export type TakeInTurn = (
  request: IncomingMessage,
  response: ServerResponse,
  begin: () => () => void,
) => void;

/**
 * Serves the requests of each connection one after another, and reads no more from it while one waits: a client may
 * send any number of them without awaiting a reply. Node would hold them all in memory and begin to serve each at once,
 * with a file open for each, while nothing else of the process happens.
 *
 * @param mayWait how many may wait on a connection; one more closes it. A single read can bring thousands.
 */
export function serveInTurn(mayWait: number): TakeInTurn {
  /** The waiting callbacks of connections on which a request is being served. */
  const queues = new WeakMap<Socket, (() => void)[]>();

  const serveNext = (socket: Socket) => {
    const queue = queues.get(socket);
    const serve = queue?.shift();
    if (!serve || socket.destroyed) {
      queues.delete(socket);
      return;
    }
    serve();
    // Its body may still have to come.
    if (queue?.length === 0) readOn(socket);
  };

  return (request, response, begin) => {
    const { socket } = request;
    // The rest of the bytes that were read before the connection was closed.
    if (socket.destroyed) return;
    const queue = queues.get(socket);
    if (queue && queue.length >= mayWait) {
      socket.destroy();
      return;
    }
    const serve = begin();
    const take = () => {
      // Later, or all that one read brought would be served at once, before anything of other connections.
      response.once("close", () => setImmediate(serveNext, socket));
      serve();
    };
    if (queue) {
      if (queue.length === 0) stopReading(socket);
      queue.push(take);
    } else {
      queues.set(socket, []);
      take();
    }
  };
}

/** Until `readOn`. Node resumes a connection at the end of each request, so once isn't enough. */
function stopReading(socket: Socket): void {
  socket.on("resume", pause).pause();
}

function readOn(socket: Socket): void {
  socket.off("resume", pause).resume();
}

function pause(this: Socket): void {
  this.pause();
}
