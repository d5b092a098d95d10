import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** Serves a file on this host until it is disposed of. */
export async function serveFile(path: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => response.end(readFileSync(path)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}/install.iso`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
