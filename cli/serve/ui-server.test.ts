import { once } from "node:events";
import { mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { StandardRPCHandler } from "@orpc/server/standard";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createApp } from "../../core/app/app.ts";
import { makePrivateFolder } from "../../core/files/private-folder.ts";
import { newHome } from "../../core/session/serve/test-session.ts";
import { sessionPaths } from "../../core/storage/paths.ts";
import { eventually } from "../../tests/eventually.ts";
import { fetchFromLoopback, lookUpLoopback } from "../../tests/fetch-from-loopback.ts";
import { createFileAddresses } from "./file-addresses.ts";
import { startUiServer } from "./ui-server.ts";

const notScripted = () => Promise.reject(new Error("the test has no script for this"));

/** A server with a page, and a session with a log. */
async function start() {
  const paths = newHome();
  const renderer = join(paths.sessions, "../renderer");
  mkdirSync(renderer, { recursive: true });
  writeFileSync(join(renderer, "index.html"), "<html><head></head>the page</html>");
  const files = sessionPaths(paths, "ended");
  makePrivateFolder(paths.sessions);
  makePrivateFolder(files.folder);
  writeFileSync(files.taskLog, "a log");
  writeFileSync(files.events, "");
  const addresses = createFileAddresses();
  const app = createApp({
    paths,
    version: "0.0.0",
    workspace: "/images",
    startSession: notScripted,
    stopSession: notScripted,
    reveal: notScripted,
    addressOf: addresses.make,
  });
  const server = await startUiServer({
    paths,
    renderer,
    port: 0,
    rpc: new StandardRPCHandler(app),
    addresses,
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { origin } = server;
  const { host } = new URL(origin);
  const postToken = (token: string, headers: Readonly<Record<string, string>> = {}) =>
    fetchFromLoopback(`${origin}/access`, {
      method: "POST",
      headers: { Origin: origin, "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ token }),
    });
  const enter = async () => (await (await postToken(server.newToken())).json()).secret as string;
  const openSocket = (path: string, secret: string) =>
    new WebSocket(`ws://${host}${path}`, ["tinsmith", secret], { origin, lookup: lookUpLoopback });
  return { server, addresses, files, renderer, host, origin, postToken, enter, openSocket };
}

/** Sends bytes and hangs up. @returns the reply */
async function sendRaw(host: string, bytes: string): Promise<string> {
  const stream = connect(Number(host.split(":")[1]), "127.0.0.1");
  stream.on("error", () => {});
  stream.end(bytes, "latin1");
  return await text(stream).catch(() => "");
}

test("the page holds no secret and is everybody's; a session's files are at addresses that work once", async () => {
  const { addresses, origin } = await start();
  const page = await fetchFromLoopback(`${origin}/`);
  expect(await page.text()).toContain("the page");
  expect(page.headers.get("set-cookie")).toBeNull();
  expect((await fetchFromLoopback(`${origin}/sessions/ended/files/task.log`)).status).toBe(404);
  const address = `${origin}${addresses.make("/sessions/ended/files/task.log")}`;
  expect((await fetchFromLoopback(address, { method: "HEAD" })).status).toBe(410);
  expect(await (await fetchFromLoopback(address)).text()).toBe("a log");
  expect((await fetchFromLoopback(address)).status).toBe(410);
});

test("a token is exchanged once, and only by a page of this server's own", async () => {
  const { server, postToken, origin } = await start();
  const token = server.newToken();
  const others: readonly Record<string, string>[] = [
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { "Content-Type": "text/plain" },
  ];
  for (const headers of others)
    expect((await postToken(token, headers)).ok, JSON.stringify(headers)).toBe(false);
  // As a browser does that looks ahead.
  expect((await fetchFromLoopback(`${origin}/access?token=${token}`)).ok).toBe(true);
  expect((await fetchFromLoopback(server.newLink())).ok).toBe(true);
  expect(await (await postToken(token)).json()).toEqual({ secret: expect.stringMatching(/^[\w-]{32}$/) });
  expect((await postToken(token)).status).toBe(403);
  expect((await postToken("x".repeat(5_000)).catch(() => undefined))?.ok).not.toBe(true);
});

test("a form with a good token gets the page with the token, which it does not spend", async () => {
  const { server, origin, postToken } = await start();
  const token = server.newToken();
  const post = (body: string) =>
    fetchFromLoopback(`${origin}/`, {
      method: "POST",
      headers: { Origin: "null", "Content-Type": "application/x-www-form-urlencoded" },
      body,
    });
  expect(await (await post(`token=${token}`)).text()).toContain(`content="${token}"`);
  expect((await postToken(token)).ok).toBe(true);
  for (const bad of [`token=${token}`, "token=", "", "token=%3Cscript%3E", `token=${"x".repeat(900)}`])
    expect((await post(bad)).status).toBe(403);
});

test("with the secret, a WebSocket is a window", async () => {
  const { enter, openSocket } = await start();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  expect(socket.protocol).toBe("tinsmith");
  socket.close();
});

test("by an address that others may have had, it says only where to find the link", async () => {
  const { server } = await start();
  for (const name of ["127.0.0.1", "localhost", `${"0".repeat(20)}.localhost`]) {
    const reply = await fetchFromLoopback(`http://${name}:${server.port}/`);
    expect(reply.status).toBe(421);
    expect(await reply.text()).toBe("Open the link that tinsmith serve printed.\n");
  }
});

/** Connects to a server as any user of this host can. */
async function connectTo(port: number, address = "127.0.0.1") {
  const stream = connect(port, address);
  stream.on("error", () => {});
  const closed = once(stream, "close");
  await once(stream, "connect");
  return { stream, closed };
}

test("a connection that sends more than 16 KiB of headers is ended", async () => {
  const { server } = await start();
  const { stream, closed } = await connectTo(server.port);
  stream.write(`GET / HTTP/1.1\r\nX: ${"y".repeat(20_000)}`);
  expect(await text(stream)).toMatch(/^HTTP\/1\.1 431 /);
  await closed;
});

test("an unfinished request is ended after seconds", async () => {
  const { server } = await start();
  const { stream, closed } = await connectTo(server.port);
  stream.write("GET / HTTP/1.1\r\nX: y");
  expect(await text(stream)).toMatch(/^HTTP\/1\.1 408 /);
  await closed;
}, 60_000);

test("however many connections others hold, 64 are kept; a window's own stays, and a new one opens", async () => {
  const { server, enter, openSocket } = await start();
  const secret = await enter();
  const socket = openSocket("/rpc", secret);
  await once(socket, "open");
  const held = [];
  for (let count = 0; count < 70; count += 1) {
    const one = await connectTo(server.port);
    one.stream.write("GET / HTTP/1.1\r\nX: y");
    held.push(one);
  }
  await Promise.all(held.slice(0, 6).map(({ closed }) => closed));
  expect(held.filter(({ stream }) => !stream.destroyed)).toHaveLength(64);
  const next = openSocket("/rpc", secret);
  await once(next, "open");
  expect(socket.readyState).toBe(WebSocket.OPEN);
  for (const { stream } of held) stream.destroy();
  for (const one of [socket, next]) one.close();
});

test("requests that await no response are answered one after another, up to eight that wait", async () => {
  const { server, host } = await start();
  const get = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const last = get.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  const patient = await connectTo(server.port);
  patient.stream.write(get.repeat(8) + last);
  expect((await text(patient.stream)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(9);
  const flood = await connectTo(server.port);
  flood.stream.write(get.repeat(9) + last);
  expect(await text(flood.stream)).toBe("");
});

/** The number of times that this process has a file open. */
function timesOpen(path: string): number {
  const open = readdirSync("/proc/self/fd").map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // The one by which the folder was read.
      return "";
    }
  });
  return open.filter((one) => one === path).length;
}

test("a client that reads no response has one file open, however many it asks for", async () => {
  const { server, host, renderer, origin } = await start();
  const large = join(renderer, "large.js");
  writeFileSync(large, "");
  // More than a connection's buffers take.
  truncateSync(large, 64 * 1024 * 1024);
  const { stream } = await connectTo(server.port);
  stream.write(`GET /large.js HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(8));
  await eventually(() => expect(timesOpen(large)).toBeGreaterThan(0));
  expect((await fetchFromLoopback(origin)).status).toBe(200);
  expect(timesOpen(large)).toBe(1);
  stream.destroy();
  await eventually(() => expect(timesOpen(large)).toBe(0));
});

const long = "a".repeat(300);

test("no request, WebSocket or broken connection ends the server", async () => {
  // The library of calls prints what it can't read.
  vi.spyOn(console, "error").mockReturnValue();
  const { enter, host, origin, openSocket } = await start();
  const secret = await enter();
  const upgrade = `Host: ${host}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: tinsmith, ${secret}\r\n`;
  const targets = [
    `/${long}`,
    `/${"a/".repeat(3_000)}`,
    "//",
    "///x",
    "/%",
    "/%00",
    "/%ff%fe",
    "/\xff\xfe",
    "/..%2f..",
    "*",
    "http://[::1",
    "http://evil.example/",
    `http://${host}/`,
    "/once/",
    `/once/${long}`,
    "/access?challenge=%ff",
    `/access?challenge=${"a".repeat(100_000)}`,
    `/sessions/${long}/files/task.log`,
    `/sessions/${long}/rpc`,
    "/sessions/ended/serial?from=-1",
    "/sessions/ended/serial?from=1e309",
    "/sessions/ended/%00",
    "/sessions/../rpc",
  ];
  const methods = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "TRACE", "PROPFIND"];
  const requests = [
    ...targets.flatMap((target) =>
      methods.map((method) => `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    ),
    ...targets.map(
      (target) =>
        `GET ${target} HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n\x81\x05hello`,
    ),
    `GET /rpc HTTP/1.1\r\n${upgrade}\r\n`,
    `GET /rpc HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n`,
    `GET /rpc HTTP/1.1\r\n${upgrade.replace("websocket", "h2c")}\r\n`,
    `POST /rpc HTTP/1.1\r\n${upgrade}Content-Length: 3\r\n\r\nabc`,
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"y".repeat(2_000_000)}\r\n\r\n`,
    `POST /access HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"tok`,
    `POST /access HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `POST /access HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[null`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5000\r\n\r\n${"x".repeat(5_000)}`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
    `GET /`,
    "\0\x01\x02",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "",
  ];
  for (const bytes of requests) await sendRaw(host, bytes);
  for (const bytes of requests.slice(-30)) {
    const stream = connect(Number(host.split(":")[1]), "127.0.0.1");
    stream.on("error", () => {});
    await once(stream, "connect");
    stream.write(bytes, "latin1");
    stream.resetAndDestroy();
  }
  const messages = [
    "",
    "{}",
    "null",
    "[",
    "\0",
    '{"i":1,"p":{"u":"/about"}}',
    '{"i":"a","t":9}',
    "1".repeat(100_000),
  ];
  for (const path of ["/rpc", "/sessions/ended/rpc", "/sessions/ended/serial", "/sessions/ended/screen"]) {
    const socket = openSocket(path, secret);
    socket.on("error", () => {});
    const closed = once(socket, "close");
    await Promise.race([once(socket, "open"), closed]);
    for (const message of messages)
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(message);
        socket.send(Buffer.from(message));
      }
    socket.close();
    await closed;
  }
  expect((await fetchFromLoopback(`${origin}/`)).status).toBe(200);
  const socket = openSocket("/rpc", secret);
  await once(socket, "open");
  socket.close();
});

test.each([
  "no JSON",
  "null",
  "[".repeat(100_000),
  "{}",
  '{"i":"1","p":{"u":5}}',
  '{"i":"1","p":{"u":"["}}',
  '{"i":"1","t":3}',
  Buffer.from([0x7b, 0xff, 0x7d]),
])("a message that is no call, %j, ends its connection, and nothing is printed", async (message) => {
  const printed = vi.spyOn(console, "error");
  onTestFinished(() => printed.mockRestore());
  const { enter, openSocket, origin } = await start();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  socket.send(message);
  await once(socket, "close");
  expect(printed).not.toHaveBeenCalled();
  expect((await fetchFromLoopback(origin)).status).toBe(200);
});

test("a call of a procedure that does not exist is answered, and its connection stays", async () => {
  const { enter, openSocket } = await start();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  socket.send('{"i":"1","p":{"u":"/__proto__/constructor"}}');
  const [answer] = await once(socket, "message");
  expect(JSON.parse(String(answer))).toMatchObject({ i: "1", p: { s: 404 } });
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
});
