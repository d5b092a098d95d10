import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A registry in this process, for faults that a real one has rarely. It keeps the bytes of an interrupted request. */
export interface TestRegistry {
  readonly host: string;
  readonly port: number;
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  readonly uploads: Map<string, Buffer>;
  /** The requests: `PATCH /v2/...`. */
  readonly asked: string[];
  /** Bytes of chunks that arrived. */
  received(): number;
  /** Answers a request in another way; returns whether it has done so. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Starts a registry; it is closed when the test has finished. */
export async function startTestRegistry(): Promise<TestRegistry> {
  const [blobs, manifests, uploads] = [new Map(), new Map(), new Map()] as [
    TestRegistry["blobs"],
    TestRegistry["manifests"],
    TestRegistry["uploads"],
  ];
  const asked: string[] = [];
  let received = 0;
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push(`${method} ${url}`);
    if (registry.fault(request, response)) return;
    const { pathname, searchParams } = new URL(url, "http://registry");
    const [, kind, reference = ""] =
      /^\/v2\/.*?\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(pathname) ?? [];
    const reply = (status: number, more: Record<string, string> = {}, body?: Buffer) =>
      void response.writeHead(status, more).end(body);
    if (kind === "blobs/uploads") {
      const id = reference || randomUUID();
      if (method === "POST") uploads.set(id, Buffer.alloc(0));
      const had = uploads.get(id);
      if (!had) return reply(404);
      const location = { Location: `/v2/x/blobs/uploads/${id}?state=1` };
      if (method === "PATCH") {
        const [start] = String(headers["content-range"]).split("-").map(Number);
        if (start !== had.length) return reply(416);
        request.on("error", () => {});
        request.on("data", (bytes: Buffer) => {
          received += bytes.length;
          uploads.set(id, Buffer.concat([uploads.get(id) ?? bytes, bytes]));
        });
        await once(request, "end").catch(() => {});
      }
      const has = uploads.get(id) ?? had;
      if (method === "PUT") {
        const whole = Buffer.concat([has, await buffer(request)]);
        if (digestOf(whole) !== searchParams.get("digest")) return reply(400);
        blobs.set(digestOf(whole), whole);
        uploads.delete(id);
        return reply(201);
      }
      return reply(method === "GET" ? 204 : 202, { ...location, Range: `0-${Math.max(0, has.length - 1)}` });
    }
    if (kind === "manifests" && method === "PUT") {
      const manifest = { type: String(headers["content-type"]), bytes: await buffer(request) };
      manifests.set(reference, manifest).set(digestOf(manifest.bytes), manifest);
      return reply(201);
    }
    const manifest = manifests.get(reference);
    const found = kind === "manifests" ? manifest?.bytes : blobs.get(reference);
    if (!found) return reply(404);
    const [, from = "0", to = `${found.length - 1}`] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
    const part = found.subarray(Number(from), Number(to) + 1);
    const more = {
      "Docker-Content-Digest": digestOf(found),
      "Content-Length": `${part.length}`,
      ...(manifest && { "Content-Type": manifest.type }),
    };
    reply(headers.range ? 206 : 200, more, method === "HEAD" ? undefined : part);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = Object(server.address());
  const registry: TestRegistry = {
    ...{ host: `127.0.0.1:${port}`, port, blobs, manifests, uploads, asked },
    ...{ received: () => received, fault: () => false },
  };
  return registry;
}
