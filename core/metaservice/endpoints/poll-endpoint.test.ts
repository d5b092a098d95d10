import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { poll, replyListing } from "../service/test-guest.ts";
import {
  connectRaw,
  countOpenPipes,
  countTimers,
  send,
  sendRaw,
  startTestService,
  until,
  watchTimers,
} from "../service/test-service.ts";

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
  await until(() => countTimers() === 1);
  guest.destroy();
  // A pipe of an earlier test may close meanwhile.
  await until(() => countTimers() === 0 && countOpenPipes() <= pipes);
});

test("a poll whose client closed its sending half is answered at once", async () => {
  const service = await startTestService();
  expect(await sendRaw(service, "GET /engine/v1/poll HTTP/1.1\r\n\r\n")).toContain('"type":"none"');
});

test("of the polls on one connection the first waits, and the next when that one is answered", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  let replies = "";
  guest.on("data", (data) => {
    replies += data;
  });
  guest.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n".repeat(3));
  for (const count of [1, 2, 3]) {
    const listed = service.service.actions.listFolder("/tmp");
    await eventually(() => expect(replies.match(/"list-folder"/g)).toHaveLength(count));
    const [id = ""] = replies.match(/(?<="id":")[^"]+/g)?.slice(-1) ?? [];
    await replyListing(service, id, { files: [] });
    await expect(listed).resolves.toMatchObject({ files: [] });
  }
});

test("a client that closed its sending half right behind its poll gets no action", async () => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  for (let round = 0; round < 20; round++)
    expect(await sendRaw(service, "GET /engine/v1/poll HTTP/1.1\r\n\r\n")).toContain('"type":"none"');
  await replyListing(service, (await poll(service)).id, { files: ["/tmp/a"] });
  await expect(listed).resolves.toEqual({ files: ["/tmp/a"], notFound: false });
});
