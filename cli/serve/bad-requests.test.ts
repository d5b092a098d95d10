import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { fetchFromLoopback } from "../../tests/fetch-from-loopback.ts";
import { sendRaw, startTestServer } from "../../tests/ui-server.ts";

const long = "a".repeat(300);

test("no request, WebSocket or broken connection ends the server", async () => {
  // The library of calls prints what it can't read.
  vi.spyOn(console, "error").mockReturnValue();
  const { enter, host, origin, openSocket } = await startTestServer();
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
  const { enter, openSocket, origin } = await startTestServer();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  socket.send(message);
  await once(socket, "close");
  expect(printed).not.toHaveBeenCalled();
  expect((await fetchFromLoopback(origin)).status).toBe(200);
});

test("a call of a procedure that does not exist is answered, and its connection stays", async () => {
  const { enter, openSocket } = await startTestServer();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  socket.send('{"i":"1","p":{"u":"/__proto__/constructor"}}');
  const [answer] = await once(socket, "message");
  expect(JSON.parse(String(answer))).toMatchObject({ i: "1", p: { s: 404 } });
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
});
