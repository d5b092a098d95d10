import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server of somebody else's on another port of this host. */
export interface OtherSite extends AsyncDisposable {
  /** The address of its page, which is empty. */
  readonly address: string;
  /** An address of its own that redirects to another. */
  redirectTo(target: string): string;
  /** The headers `Cookie` of all requests that it has had. */
  readonly cookies: readonly string[];
  /** Headers of its replies from now on. */
  replyWith(headers: Readonly<Record<string, string | string[]>>): void;
}

export async function startOtherSite(): Promise<OtherSite> {
  const cookies: string[] = [];
  let extra: Readonly<Record<string, string | string[]>> = {};
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, ({ url = "", headers }, response) => {
    cookies.push(headers.cookie ?? "");
    const target = new URL(url, "http://other").searchParams.get("to");
    if (target) response.writeHead(307, { Location: target }).end();
    else
      response
        .writeHead(200, { "Content-Type": "text/html", ...extra })
        .end("<!doctype html><title>Another site</title>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    address,
    redirectTo: (target) => `${address}?${new URLSearchParams({ to: target })}`,
    cookies,
    replyWith: (headers) => {
      extra = headers;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
