import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { defaultLimits } from "../limits.ts";
import {
  connectRaw,
  countOpenPipes,
  countTimers,
  errorCodeIn,
  openLog,
  send,
  sendRaw,
  startTestService,
  until,
  watchTimers,
} from "./test-service.ts";

test("the socket is its owner's alone", async () => {
  const { socketPath } = await startTestService();
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
});

test("a socket that a relay could not be told is refused", async () => {
  await expect(startTestService({ socketPath: "/tmp/a b.sock" })).rejects.toMatchObject({
    code: "path-too-long",
  });
});

test("a socket that is in use is refused, and stays", async () => {
  const { socketPath } = await startTestService();
  await expect(startTestService({ socketPath })).rejects.toThrow("EADDRINUSE");
  expect(existsSync(socketPath)).toBe(true);
});

test.each(["nothing-here", "", "execute/", "../v2/ping", "constructor"])(
  "there is no endpoint %j",
  async (path) => {
    const reply = await send(await startTestService(), "GET", path);
    expect(reply.status).toBe(404);
    expect(errorCodeIn(reply.body)).toBe("NoSuchEndPoint");
  },
);

test("a target that is no URL at all is not found", async () => {
  expect(await sendRaw(await startTestService(), "GET http:// HTTP/1.1\r\n\r\n")).toContain("404 Not Found");
});

test("a query and an absolute URL don't hide an endpoint", async () => {
  const service = await startTestService();
  expect((await send(service, "GET", "ping?time=1")).status).toBe(200);
  const absolute = "GET http://169.254.169.254/engine/v1/ping HTTP/1.1\r\n\r\n";
  expect(await sendRaw(service, absolute)).toContain("200 OK");
});

test.each([
  ["POST", "execute", "GET"],
  ["GET", "log", "POST"],
  ["POST", "success", "PUT"],
  ["GET", "failed", "PUT"],
  ["DELETE", "poll", "GET"],
  ["PUT", "ping", "GET"],
])("%s %s is not allowed, %s is", async (method, path, allowed) => {
  const reply = await send(await startTestService(), method, path, Buffer.from("a body that nobody reads"));
  expect(reply).toMatchObject({ status: 405, headers: { allow: allowed } });
  expect(errorCodeIn(reply.body)).toBe("MethodNotAllowed");
});

test("a client that closed its sending half has its reply, however late", async () => {
  const service = await startTestService({ log: () => letTimePass(100) });
  const log = "POST /engine/v1/log HTTP/1.1\r\nContent-Length: 5\r\n\r\nlines";
  expect(await sendRaw(service, log)).toContain("200 OK");
});

test("HTTP/1.0 requests have a reply with a length, and the connection closes", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  guest.write("GET /engine/v1/execute HTTP/1.0\r\n\r\n");
  let reply = "";
  for await (const data of guest) reply += data;
  expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(reply).toMatch(/^Content-Length: \d+\r$/m);
  expect(reply).not.toContain("chunked");
});

test("bytes behind a connection's last request don't bring a second reply", async () => {
  const reply = await sendRaw(await startTestService(), "GET /engine/v1/ping HTTP/1.0\r\n\r\nstray bytes");
  expect(reply.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
});

test("a connection serves one request after another", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  for (let round = 0; round < 3; round++) {
    guest.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
    expect(String(await once(guest, "data"))).toContain("200 OK");
  }
});

test("a client that expects to be told to continue is told so", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  guest.write("POST /engine/v1/log HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  expect(String(await once(guest, "data"))).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  guest.write("lines");
  expect(String(await once(guest, "data"))).toContain("200 OK");
  expect(service.logged().toString()).toBe("lines");
});

test.each([
  ["a line that is no request", "what is this?\r\n\r\n"],
  ["a body whose chunks have no length", openChunkedLog("zzz\r\n")],
  ["headers without end", `GET /engine/v1/ping HTTP/1.1\r\n${"Name: value\r\n".repeat(2000)}\r\n`],
])("%s is refused, and the service goes on", async (_what, bytes) => {
  const service = await startTestService();
  const reply = await sendRaw(service, bytes);
  expect(reply).toContain("HTTP/1.1 400 Bad Request");
  expect(errorCodeIn(reply)).toBe("InvalidPayload");
  expect((await send(service, "GET", "ping")).status).toBe(200);
});

function openChunkedLog(chunks: string): string {
  return `POST /engine/v1/log HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
}

test("a client that sends no request is cut", async () => {
  const service = await startTestService({ limits: { headersTimeout: 100 } });
  const silent = await connectRaw(service);
  const slow = await connectRaw(service);
  slow.write("GET /engine/v1/ping HTTP/1.1\r\nHo");
  await Promise.all([once(silent.resume(), "end"), once(slow.resume(), "end")]);
});

test("a log may pause for as long as it likes", async () => {
  const service = await startTestService({ limits: { headersTimeout: 50 } });
  const guest = await connectRaw(service);
  guest.write(openLog("", 5));
  await letTimePass(200);
  guest.write("lines");
  expect(String(await once(guest, "data"))).toContain("200 OK");
});

test.each([
  ["refused", "POST /engine/v1/nothing-here"],
  ["served without it", "PUT /engine/v1/success"],
])("of a request that is %s the body is read for a while, and then cut", async (_what, request) => {
  watchTimers();
  const service = await startTestService();
  const guest = await connectRaw(service);
  guest.write(`${request} HTTP/1.1\r\nContent-Length: 10\r\n\r\n123`);
  expect(String(await once(guest, "data"))).toMatch(/^HTTP\/1.1 (404|200)/);
  guest.write("4567890GET /engine/v1/ping HTTP/1.1\r\n\r\n");
  expect(String(await once(guest, "data"))).toContain("200 OK");
  expect(countTimers()).toBe(0);

  guest.write(`${request} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
  await once(guest, "data");
  await until(() => countTimers() === 1);
  vi.advanceTimersByTime(5000);
  await once(guest.resume(), "end");
});

test("a client that resets its connection at any moment does no harm", async () => {
  const allGone = Promise.withResolvers<void>();
  const rejected = Promise.withResolvers<void>();
  const service = await startTestService({
    task: { env: { LONG: "x".repeat(1e6) }, command: [] },
    log: async () => {
      await allGone.promise;
      rejected.resolve();
      throw new Error("too late to tell anybody");
    },
  });
  for (const bytes of [
    "",
    "GET /engine",
    // More replies than its buffers hold: they stay unread, which makes its end a reset.
    "GET /engine/v1/execute HTTP/1.1\r\n\r\n".repeat(5),
    openLog(""),
    "GET /engine/v1/poll HTTP/1.1\r\n\r\n",
    openLog("some lines"),
  ]) {
    const guest = await connectRaw(service);
    guest.write(bytes);
    await letTimePass(10);
    guest.destroy();
  }
  allGone.resolve();
  await rejected.promise;
  expect((await send(service, "GET", "ping")).status).toBe(200);
});

test("a guest can't open connections without end, and the person is told once", async () => {
  const notes: string[] = [];
  const service = await startTestService({ onNote: (text) => notes.push(text) });
  const guests = await Promise.all(
    Array.from({ length: defaultLimits.maxConnections }, () => connectRaw(service)),
  );
  expect(notes).toEqual([]);
  for (const _ of [1, 2]) {
    const oneTooMany = await connectRaw(service);
    await once(oneTooMany.resume(), "end");
  }
  expect(notes).toEqual([expect.stringContaining("more connections than may be open at once, 128.")]);
  guests[0]?.destroy();
  await eventually(async () => expect((await send(service, "GET", "ping")).status).toBe(200));
});

test("close ends an open log and an open poll, and leaves nothing behind", async () => {
  watchTimers();
  const pipes = countOpenPipes();
  const service = await startTestService();
  const [log, poll, idle] = [await connectRaw(service), await connectRaw(service), await connectRaw(service)];
  log.write(openLog("last words"));
  poll.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n");
  await until(() => service.logged().toString() === "last words" && countTimers() === 1);

  const cut = [log, poll, idle].map((guest) => once(guest.resume(), "end"));
  await service.service.close();
  await Promise.all(cut);
  expect(existsSync(service.socketPath)).toBe(false);
  for (const guest of [log, poll, idle]) guest.destroy();
  await until(() => vi.getTimerCount() === 0 && countOpenPipes() <= pipes);
  await service.service.close();
});

test("close waits for the log reader, which has all that arrived, and is not called afterwards", async () => {
  const logged: string[] = [];
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const service = await startTestService({
    log: async (chunk) => {
      begun.resolve();
      await release.promise;
      logged.push(Buffer.from(chunk).toString());
    },
  });
  const guest = await connectRaw(service);
  guest.write(openChunkedLog("3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n"));
  await begun.promise;
  const closed = service.service.close();
  release.resolve();
  await closed;
  expect(logged.join("")).toEqual("onetwothree");
});

test("an unknown expectation is passed over, and a CONNECT is answered as an error is", async () => {
  const service = await startTestService();
  expect(await sendRaw(service, "GET /engine/v1/ping HTTP/1.1\r\nExpect: more\r\n\r\n")).toContain("200 OK");
  const connect = await sendRaw(service, "CONNECT example.org:80 HTTP/1.1\r\n\r\n");
  expect(connect).toContain("404 Not Found");
  expect(connect).toContain('"NoSuchEndPoint"');
  expect(await sendRaw(service, "GET //[ HTTP/1.1\r\n\r\n")).toContain("there is no endpoint //[");
});
