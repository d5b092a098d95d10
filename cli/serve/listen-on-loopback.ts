import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { AppError } from "../../shared/errors/errors.ts";
import { hasErrorCode } from "../../shared/errors/system-error.ts";

/** A port on which an HTTP server listens. Disposing it stops listening; open connections remain. */
export interface LoopbackPort extends AsyncDisposable {
  readonly port: number;
}

/** Ports that are tried when any free one will do: another process may have one of them on ::1. */
const maxTries = 20;

/**
 * Listens on 127.0.0.1 and, on the same port, on ::1: browsers resolve *.localhost to both and try ::1 first, so another
 * user's server must not have it. A host without IPv6 has 127.0.0.1 only.
 *
 * @param port 0 for any that is free
 * @throws AppError `busy` when the port is in use on either address
 */
export async function listenOnLoopback(server: HttpServer, port: number): Promise<LoopbackPort> {
  for (let tries = 1; ; tries += 1) {
    await listen(server, port, "127.0.0.1");
    const { port: found } = server.address() as AddressInfo;
    const twin = createServer({ allowHalfOpen: true, noDelay: true });
    twin.on("connection", (stream) => server.emit("connection", stream));
    try {
      const isListening = await listenIfPresent(twin, found, "::1");
      // A connection that can't be accepted, as when file descriptors run out, is its browser's loss alone.
      for (const one of [server, twin]) one.on("error", () => {});
      return {
        port: found,
        [Symbol.asyncDispose]: async () => {
          await Promise.all([close(server), isListening && close(twin)]);
        },
      };
    } catch (error) {
      await close(server);
      if (port !== 0 || tries === maxTries) throw error;
    }
  }
}

/** @returns whether this host has the address */
async function listenIfPresent(server: Server, port: number, address: string): Promise<boolean> {
  try {
    await listen(server, port, address);
    return true;
  } catch (error) {
    const { cause } = error as Error;
    if (hasErrorCode(cause, "EADDRNOTAVAIL", "EAFNOSUPPORT")) return false;
    throw error;
  }
}

async function listen(server: Server, port: number, address: string): Promise<void> {
  try {
    await once(server.listen(port, address), "listening");
  } catch (cause) {
    const message = hasErrorCode(cause, "EADDRINUSE")
      ? `port ${port} is already in use`
      : `port ${port} can't be served: ${cause}`;
    throw new AppError(
      { code: "busy", message, advice: "Choose another port, or leave out --port to use any free port." },
      { cause },
    );
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}
