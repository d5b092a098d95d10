import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";

/** A proxy on this host, for http addresses and tunnels. */
export interface TestProxy {
  readonly port: number;
  /** The requests that it received: `GET http://HOST/PATH`, or `CONNECT HOST:PORT`. */
  readonly asked: readonly string[];
}

/** Starts a proxy that is closed when the test has finished. @param credentials `USER:PASSWORD`, without which it refuses */
export async function startTestProxy(credentials?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (incoming.headers["proxy-authorization"] !== expected) return void response.writeHead(407).end();
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    request(incoming.url ?? "", { headers })
      .on("response", (upstream) => {
        response.writeHead(upstream.statusCode ?? 502, upstream.rawHeaders);
        upstream.pipe(response);
      })
      .on("error", () => response.destroy())
      .end();
  });
  server.on("connect", (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    socket.on("error", () => {});
    if (incoming.headers["proxy-authorization"] !== expected)
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const [host, port] = (incoming.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: Object(server.address()).port, asked };
}
