import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import {
  base64,
  connectTo,
  end,
  ends,
  send,
  startRecordedServer,
  time,
} from "../../../tests/recorded-server.ts";

test("a request and its reply are told as they happen, with all that went over the wire", async () => {
  const server = await startRecordedServer(async (incoming, response) => {
    await buffer(incoming);
    response.setHeader("X-One", ["a", "b"]);
    response.writeHead(202, { "Content-Length": 5, Date: "now" }).end("reply");
  });
  const guest = await connectTo(server);
  guest.write(
    "POST /engine/v1/log?a=1&b HTTP/1.1\r\nHOST: here\r\nx-two: 1\r\nX-Two: 2\r\nContent-Length: 7\r\n\r\nrequest",
  );
  await end(server);
  expect(server.events).toEqual([
    {
      type: "exchange-started",
      exchange: 1,
      time,
      method: "POST",
      target: "/engine/v1/log?a=1&b",
      headers: [
        ["HOST", "here"],
        ["x-two", "1"],
        ["X-Two", "2"],
        ["Content-Length", "7"],
      ],
    },
    { type: "exchange-received", exchange: 1, time },
    {
      type: "exchange-replied",
      exchange: 1,
      time,
      status: 202,
      headers: [
        ["X-One", "a"],
        ["X-One", "b"],
        ["Content-Length", "5"],
        ["Date", "now"],
        ["Connection", "keep-alive"],
        ["Keep-Alive", "timeout=5"],
      ],
    },
    {
      type: "exchange-ended",
      exchange: 1,
      time,
      outcome: "complete",
      request: { bytes: 7, beginning: base64("request"), file: undefined },
      reply: { bytes: 5, beginning: base64("reply"), file: undefined },
    },
  ]);
  const times = server.events.map((event) => event.time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(existsSync(join(server.folder, "bodies"))).toBe(false);
});

test("a reply is told of when its first byte is sent, not when it ends", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await startRecordedServer(async (_incoming, response) => {
    response.statusCode = 201;
    await gates[0]?.promise;
    response.flushHeaders();
    await gates[1]?.promise;
    response.end("late");
  });
  const reply = send(server, "GET", "/");
  await eventually(() => expect(server.events).toHaveLength(1));
  gates[0]?.resolve();
  await eventually(() => expect(server.events).toHaveLength(2));
  expect(server.events[1]).toMatchObject({ type: "exchange-replied", status: 201 });
  gates[1]?.resolve();
  expect(String(await reply)).toBe("late");
  expect(await end(server)).toMatchObject({ outcome: "complete", reply: { bytes: 4 } });
});

test("requests that come before their replies are told apart, and replies are told of as they are sent", async () => {
  const waiting: (() => void)[] = [];
  const server = await startRecordedServer((incoming, response) => {
    waiting.push(() => response.end(`reply to ${incoming.url}`));
  });
  const warnings = vi.fn();
  process.on("warning", warnings);
  onTestFinished(() => void process.off("warning", warnings));
  const guest = await connectTo(server);
  const count = 20;
  for (let number = 1; number <= count; number++) guest.write(`GET /${number} HTTP/1.1\r\n\r\n`);
  await eventually(() => expect(waiting).toHaveLength(count));
  for (const reply of waiting.slice(1)) reply();
  await setImmediate();
  expect(server.events.filter(({ type }) => type !== "exchange-started")).toEqual([]);
  waiting[0]?.();
  const ended = await ends(server, count);
  expect(ended.map(({ outcome, reply }) => `${outcome} ${atob(reply.beginning)}`)).toEqual(
    Array.from({ length: count }, (_, index) => `complete reply to /${index + 1}`),
  );
  const replied = server.events.filter(({ type }) => type === "exchange-replied");
  expect(replied.map(({ exchange }) => exchange)).toEqual(ended.map(({ exchange }) => exchange));
  expect(warnings).not.toHaveBeenCalled();
});

test("a connection with many exchanges gathers no listeners", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end());
  const guest = await connectTo(server);
  const listeners = () =>
    server.connections[0]?.eventNames().map((name) => server.connections[0]?.listenerCount(name));
  const counts: unknown[] = [];
  for (let number = 1; number <= 20; number++) {
    guest.write("GET / HTTP/1.1\r\n\r\n");
    await ends(server, number);
    counts.push(listeners());
  }
  expect(counts.at(-1)).toEqual(counts[0]);
});

test("what becomes a WebSocket is recorded as it is told", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end());
  const head = { method: "GET", url: "/engine/v1/reply?id=1", rawHeaders: ["Upgrade", "websocket"] };
  const shell = server.recorder.beginUpgrade(head);
  shell.replied(101, [["Upgrade", "websocket"]]);
  const message = Buffer.from("sent");
  shell.sent(message);
  message.fill("x");
  shell.received(Buffer.alloc(5000, "r"));
  shell.ended("complete");
  shell.ended("cut");
  shell.sent(message);
  shell.replied(500, []);
  await end(server);
  expect(server.events).toEqual([
    {
      type: "exchange-started",
      exchange: shell.number,
      time,
      method: "GET",
      target: "/engine/v1/reply?id=1",
      headers: [["Upgrade", "websocket"]],
    },
    {
      type: "exchange-replied",
      exchange: shell.number,
      time,
      status: 101,
      headers: [["Upgrade", "websocket"]],
    },
    {
      type: "exchange-ended",
      exchange: shell.number,
      time,
      outcome: "complete",
      request: { bytes: 5000, beginning: base64("r".repeat(4096)), file: "bodies/1.request" },
      reply: { bytes: 4, beginning: base64("sent"), file: undefined, messages: [4] },
    },
  ]);
});

test("closing cuts what is open and waits for its files; numbers go on afterwards", async () => {
  const server = await startRecordedServer(() => {});
  const shell = server.recorder.beginUpgrade({ rawHeaders: [] });
  shell.sent(Buffer.alloc(100_000));
  await server.recorder.close();
  expect(server.events.at(-1)).toMatchObject({
    outcome: "cut",
    reply: { bytes: 100_000, file: "bodies/1.reply" },
  });
  expect(statSync(join(server.folder, "bodies/1.reply")).size).toBe(100_000);
  expect(server.recorder.beginUpgrade({ rawHeaders: [] }).number).toBe(2);
});
