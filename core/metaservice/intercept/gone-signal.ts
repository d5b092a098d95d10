import type { Duplex } from "node:stream";

/** Tells when the other end of a connection is gone, until it is disposed of. */
export interface GoneWatch extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Watches whether the other end of a connection is gone, or the service closes. A guest that gives up looks like one that only
 * closes its sending half, since its relay waits for the response.
 */
export function watchGone(socket: Duplex, closing: AbortSignal): GoneWatch {
  const gone = new AbortController();
  const abort = () => gone.abort();
  socket.on("end", abort).on("close", abort);
  closing.addEventListener("abort", abort);
  if (socket.destroyed || closing.aborted) abort();
  return {
    signal: gone.signal,
    [Symbol.dispose]: () => {
      socket.off("end", abort).off("close", abort);
      closing.removeEventListener("abort", abort);
    },
  };
}
