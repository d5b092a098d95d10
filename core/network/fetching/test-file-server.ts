import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

/** A server of one file that nothing can compress. */
export interface TestFileServer {
  readonly url: string;
  readonly content: Buffer;
  /** In hexadecimal. */
  readonly sha256: string;
  /** The requests that were answered: their methods and ranges, such as `GET 0-1023`. */
  readonly asked: readonly string[];
  /** Bytes of the file that were handed to connections. */
  sent(): number;
  /** Answers a request in another way; returns whether it has done so. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Other files, by their paths. */
  readonly others: Map<string, Buffer>;
  readonly port: number;
}

/** Starts a server that knows ranges and entity tags. It is closed when the test has finished. */
export async function startFileServer(size: number): Promise<TestFileServer> {
  const content = randomBytes(size);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const asked: string[] = [];
  const others = new Map<string, Buffer>();
  let sent = 0;
  const server = createServer((request, response) => {
    const { method, url = "", headers } = request;
    const [, from = "0", to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
    const other = others.get(url);
    if (url !== "/a.tar.lz4") return void response.writeHead(other ? 200 : 404).end(other);
    asked.push(`${method} ${headers.range?.replace("bytes=", "") ?? "all"}`);
    if (served.fault(request, response)) return;
    const end = to ? Number(to) + 1 : size;
    const part = content.subarray(Number(from), end);
    const range = headers.range && { "Content-Range": `bytes ${from}-${end - 1}/${size}` };
    response.writeHead(headers.range ? 206 : 200, {
      ...{ ETag: `"${sha256}"`, "Accept-Ranges": "bytes", "Content-Length": part.length, ...range },
    });
    if (method === "HEAD") return void response.end();
    sent += part.length;
    response.end(part);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = Object(server.address());
  const served: TestFileServer = {
    ...{ url: `http://127.0.0.1:${port}/a.tar.lz4`, port, content, sha256, asked, others },
    sent: () => sent,
    fault: () => false,
  };
  return served;
}
