import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startTestProxy } from "../test-proxy.ts";
import { download } from "./download.ts";

// Some start a process of their own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

const content = Buffer.alloc(300_000, "0123456789");
const sha256 = createHash("sha256").update(content).digest("hex");
const limits = { emptyTries: 2, pause: 1, stall: 5_000 };

const proxyVariables = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"];

beforeEach(() => {
  vi.unstubAllEnvs();
  for (const name of proxyVariables.flatMap((name) => [name, name.toUpperCase()]))
    vi.stubEnv(name, undefined);
});
afterAll(() => void vi.unstubAllEnvs());

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const serveAll: RequestListener = (incoming, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? "")?.[1] ?? 0);
  const rest = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "Content-Length": rest.length }).end(rest);
};

async function start(answer = serveAll) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = `127.0.0.1:${Object(server.address()).port}`;
  return { source: { url: `http://${address}/core.iso`, sha256 }, target: join(newFolder(), "core.iso") };
}

test.each(["http_proxy", "HTTP_PROXY"])(
  "a file at an http address comes by the proxy in %s, and resumes",
  async (name) => {
    const proxy = await startTestProxy();
    const { source, target } = await start();
    vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    writeFileSync(`${target}.partial`, content.subarray(0, 250_000));
    await download(source, target, { limits });
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(proxy.asked).toEqual([`GET ${source.url}`]);
  },
);

test("a proxy's address may come without its scheme, and with a user and a password", async () => {
  const proxy = await startTestProxy("me:pass word");
  const { source, target } = await start();
  vi.stubEnv("http_proxy", `me:pass%20word@127.0.0.1:${proxy.port}`);
  await download(source, target, { limits });
  expect(proxy.asked).toHaveLength(1);
});

test.each([
  ["no_proxy", "example.org, 127.0.0.1"],
  ["NO_PROXY", "*"],
])("hosts in %s (%s) are asked themselves", async (name, hosts) => {
  const proxy = await startTestProxy();
  const { source, target } = await start();
  vi.stubEnv("http_proxy", `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv(name, hosts);
  await download(source, target, { limits });
  expect(proxy.asked).toEqual([]);
});

test("the proxy for https addresses is not used for http ones", async () => {
  const proxy = await startTestProxy();
  const { source, target } = await start();
  vi.stubEnv("https_proxy", `http://127.0.0.1:${proxy.port}`);
  await download(source, target, { limits });
  expect(proxy.asked).toEqual([]);
});

test("a proxy that refuses, and one that does not answer, are told of without the password", async () => {
  const proxy = await startTestProxy("me:right");
  const { source, target } = await start();
  for (const [address, reason] of [
    [`http://me:wr0ng@127.0.0.1:${proxy.port}`, "407"],
    ["http://me:wr0ng@127.0.0.1:1", "ECONNREFUSED"],
    ["http://me:wr0ng%@127.0.0.1:1", "the environment variable http_proxy does not hold"],
    ["socks9://me:wr0ng@127.0.0.1:1", "the environment variable http_proxy does not hold"],
  ] as const) {
    vi.stubEnv("http_proxy", address);
    const error = await download(source, target, { limits }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining(reason) });
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      expect(`${cause.stack} ${JSON.stringify(cause)}`).not.toContain("wr0ng");
  }
});

test("the bytes that are counted and kept are those that come, also of a file that is declared as compressed", async () => {
  const accepted: unknown[] = [];
  const body = gzipSync(content);
  const { source, target } = await start((incoming, response) => {
    accepted.push(incoming.headers["accept-encoding"]);
    response.writeHead(200, { "Content-Encoding": "gzip", "Content-Length": body.length }).end(body);
  });
  const onProgress = vi.fn();
  const compressed = { ...source, sha256: createHash("sha256").update(body).digest("hex") };
  await download(compressed, target, { onProgress, limits });
  expect(readFileSync(target).equals(body)).toBe(true);
  expect(onProgress.mock.lastCall).toEqual([body.length, body.length]);
  expect(accepted).toEqual(["identity"]);
});

test("redirects are followed, by the proxy that is for each address", async () => {
  const proxy = await startTestProxy();
  const { source, target } = await start();
  const redirecting = await start((_incoming, response) =>
    response.writeHead(302, { Location: source.url }).end(),
  );
  vi.stubEnv("http_proxy", `http://127.0.0.1:${proxy.port}`);
  await download(redirecting.source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(proxy.asked).toEqual([`GET ${redirecting.source.url}`, `GET ${source.url}`]);
});

/** An https server, and the file of the authority that it has its certificate from. */
async function startTls() {
  const folder = newFolder();
  const openssl = (command: string) =>
    execFileSync("openssl", command.split(" "), { cwd: folder, stdio: "pipe" });
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
  openssl(`req -x509 ${key} -subj /CN=authority -keyout ca.key -out ca.pem`);
  openssl(
    `req -x509 ${key} -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem`,
  );
  const server = createTlsServer(
    { key: readFileSync(join(folder, "server.key")), cert: readFileSync(join(folder, "server.pem")) },
    serveAll,
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const port = Object(server.address()).port;
  return { url: `https://localhost:${port}/core.iso`, port, authority: join(folder, "ca.pem"), folder };
}

/** Downloads in a process of its own: certificates are read when Node starts. */
async function downloadApart(url: string, target: string, env: Readonly<Record<string, string>>) {
  const script = `
    const { download } = await import(${JSON.stringify(join(import.meta.dirname, "download.ts"))});
    const source = ${JSON.stringify({ url, sha256 })};
    await download(source, ${JSON.stringify(target)}, { limits: ${JSON.stringify(limits)} })
      .catch((error) => console.log(error.message));`;
  const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script];
  const { stdout } = await execa(process.execPath, options, { env });
  return stdout;
}

test.each(["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"])(
  "a file at an https address comes through a tunnel, from a server whose authority is in %s",
  async (variable) => {
    const proxy = await startTestProxy("me:secret");
    const { url, port, authority, folder } = await startTls();
    const target = join(folder, "core.iso");
    const said = await downloadApart(url, target, {
      https_proxy: `http://me:secret@127.0.0.1:${proxy.port}`,
      [variable]: authority,
    });
    expect(said).toBe("");
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
  },
);

test("a server with an unknown authority is refused, and so is a tunnel by a proxy", async () => {
  const proxy = await startTestProxy("me:secret");
  const { url, folder } = await startTls();
  const target = join(folder, "core.iso");
  expect(await downloadApart(url, target, {})).toMatch(/can't be fetched: .*certificate/);
  const https_proxy = `http://127.0.0.1:${proxy.port}`;
  expect(await downloadApart(url, target, { https_proxy })).toContain("the proxy answered 407");
});
