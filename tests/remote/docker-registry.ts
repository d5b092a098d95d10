import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { eventually } from "../eventually.ts";
import { freePort } from "../free-port.ts";

/** A request that a proxy passed on to the registry. */
export interface PassedRequest {
  readonly method: string;
  /** Its path and query. */
  readonly url: string;
  readonly range: string | undefined;
  /** Undefined until the registry has answered. */
  status: number | undefined;
  /** Bytes of the request's body that the registry got. */
  sent: number;
}

/** Debian's registry, and a proxy before it that counts. */
export interface DockerRegistry extends AsyncDisposable {
  /** The proxy's, as addresses have it. */
  readonly host: string;
  /** The requests in their order. */
  readonly passed: PassedRequest[];
  /** Called for each request, before it is passed on. */
  onRequest: (passed: PassedRequest) => void;
  /** Its log, for a test that fails. */
  readonly log: string;
}

/** Starts a registry with storage of its own, which only this host reaches. */
export async function startDockerRegistry(): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const port = await freePort();
  const config = {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: `127.0.0.1:${port}`, secret: "of the test" },
  };
  // JSON is YAML, too.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const log = join(folder, "log");
  const output = openSync(log, "w");
  const server = spawn("docker-registry", ["serve", join(folder, "config.yml")], {
    stdio: ["ignore", output, output],
  });
  const proxy = startProxy(port);
  await once(proxy.server, "listening");
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/v2/`)).status).toBe(200));
  return Object.assign(proxy.registry, {
    log,
    host: `127.0.0.1:${Object(proxy.server.address()).port}`,
    [Symbol.asyncDispose]: async () => {
      proxy.server.close();
      proxy.server.closeAllConnections();
      server.kill();
      await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  });
}

function startProxy(port: number) {
  const registry: Pick<DockerRegistry, "passed" | "onRequest"> = { passed: [], onRequest: () => {} };
  const server = createServer((incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const passed: PassedRequest = { method, url, range: headers.range, status: undefined, sent: 0 };
    registry.passed.push(passed);
    registry.onRequest(passed);
    const outgoing = request({ host: "127.0.0.1", port, method, path: url, headers });
    outgoing.on("response", (reply) => {
      passed.status = reply.statusCode;
      response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.on("data", (bytes: Buffer) => {
      passed.sent += bytes.length;
    });
    incoming.on("error", () => outgoing.destroy());
    response.on("close", () => response.writableFinished || outgoing.destroy());
    incoming.pipe(outgoing);
  }).listen(0, "127.0.0.1");
  return { server, registry };
}
