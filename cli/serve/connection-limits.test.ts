import { once } from "node:events";
import { readdirSync, readlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../../tests/eventually.ts";
import { fetchFromLoopback } from "../../tests/fetch-from-loopback.ts";
import { connectTo, startTestServer } from "../../tests/ui-server.ts";

test("a connection that sends more than 16 KiB of headers is ended", async () => {
  const { server } = await startTestServer();
  const { stream, closed } = await connectTo(server.port);
  stream.write(`GET / HTTP/1.1\r\nX: ${"y".repeat(20_000)}`);
  expect(await text(stream)).toMatch(/^HTTP\/1\.1 431 /);
  await closed;
});

test("an unfinished request is ended after seconds", async () => {
  const { server } = await startTestServer();
  const { stream, closed } = await connectTo(server.port);
  stream.write("GET / HTTP/1.1\r\nX: y");
  expect(await text(stream)).toMatch(/^HTTP\/1\.1 408 /);
  await closed;
}, 60_000);

test("however many connections others hold, 64 are kept; a window's own stays, and a new one opens", async () => {
  const { server, enter, openSocket } = await startTestServer();
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
  const { server, host } = await startTestServer();
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
  const { server, host, renderer, origin } = await startTestServer();
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
