import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { poll, replyListing } from "./test-guest.ts";
import {
  connectRaw,
  countOpenPipes,
  send,
  sendRaw,
  startTestService,
  until,
  watchTimers,
} from "./test-service.ts";

test("a poll is answered with no action after its time", async () => {
  const service = await startTestService({ limits: { pollTimeout: 100 } });
  const before = performance.now();
  const reply = await send(service, "GET", "poll");
  expect(performance.now() - before).toBeGreaterThan(95);
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.body)).toEqual({
    id: expect.stringMatching(/^[A-Za-f][\w-]{21}$/),
    type: "none",
    path: "",
    command: [],
    tty: false,
  });
});

test("a poll whose client goes leaves neither a timer nor a connection", async () => {
  watchTimers();
  const service = await startTestService();
  const pipes = countOpenPipes();
  const guest = await connectRaw(service);
  guest.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n");
  await until(() => vi.getTimerCount() === 1);
  guest.destroy();
  await until(() => vi.getTimerCount() === 0 && countOpenPipes() === pipes);
});

test("a poll whose client closed its sending half is answered at once", async () => {
  const service = await startTestService();
  expect(await sendRaw(service, "GET /engine/v1/poll HTTP/1.1\r\n\r\n")).toContain('"type":"none"');
});

test("of the polls on one connection only the last one waits", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  let replies = "";
  guest.on("data", (data) => {
    replies += data;
  });
  guest.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n".repeat(5));
  await eventually(() => expect(replies.match(/200 OK/g)).toHaveLength(4));
  await delay(50);
  expect(replies.match(/200 OK/g)).toHaveLength(4);
});

test("a client that closed its sending half right behind its poll gets no action", async () => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  for (let round = 0; round < 20; round++)
    expect(await sendRaw(service, "GET /engine/v1/poll HTTP/1.1\r\n\r\n")).toContain('"type":"none"');
  await replyListing(service, (await poll(service)).id, { files: ["/tmp/a"] });
  await expect(listed).resolves.toEqual({ files: ["/tmp/a"], notFound: false });
});
