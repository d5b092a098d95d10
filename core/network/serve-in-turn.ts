import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Takes a request. `begin` is called at once, and what it returns when all earlier requests on the connection were
 * answered. Neither is called for a request that is not served: the first one that is too many is refused.
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
 * @param refuse tells the client so, before the connection is closed. To the client it is the answer to the first of its
 * requests that has none. Not called in the middle of an answer.
 */
export function serveInTurn(
  mayWait: number,
  refuse: (request: IncomingMessage, socket: Socket) => void,
): TakeInTurn {
  /** The connections on which a request is being served, and those that wait. */
  const queues = new WeakMap<Socket, { current: ServerResponse; readonly waiting: (() => void)[] }>();

  const serveNext = (socket: Socket) => {
    const waiting = queues.get(socket)?.waiting;
    const serve = waiting?.shift();
    if (!serve || !socket.writable) {
      queues.delete(socket);
      return;
    }
    serve();
    // Its body may still have to come.
    if (waiting?.length === 0) readOn(socket);
  };

  return (request, response, begin) => {
    const { socket } = request;
    // The rest of the bytes that were read before the connection was closed.
    if (!socket.writable) return;
    const queue = queues.get(socket);
    if (queue && queue.waiting.length >= mayWait) {
      const { headersSent, writableEnded } = queue.current;
      if (!headersSent || writableEnded) refuse(request, socket);
      // All that was written is on its way then, unless the client reads nothing: it must not fill the memory.
      setImmediate(() => socket.destroy());
      return;
    }
    const serve = begin();
    const take = () => {
      const current = queues.get(socket);
      if (current) current.current = response;
      // Later, or all that one read brought would be served at once, before anything of other connections.
      response.once("close", () => setImmediate(serveNext, socket));
      serve();
    };
    if (queue) {
      if (queue.waiting.length === 0) stopReading(socket);
      queue.waiting.push(take);
    } else {
      queues.set(socket, { current: response, waiting: [] });
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
