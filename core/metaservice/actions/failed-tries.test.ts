import { once } from "node:events";
import { expect, test, vi } from "vitest";
import {
  beginReply,
  countEvents,
  poll,
  reply,
  replyListing,
  untilPollsWait,
  untilTimers,
} from "../service/test-guest.ts";
import {
  connectRaw,
  errorCodeIn,
  send,
  sendRaw,
  startTestService,
  type TestService,
  until,
  watchTimers,
} from "../service/test-service.ts";

const listing = { files: ["/tmp/a"], notFound: false };

/** Lets the guest take an action and makes the try fail; each needs the timers to be watched. */
const failures: Record<string, { fail: (service: TestService) => Promise<unknown>; error: object }> = {
  "no poll takes it in 30 s": {
    fail: async (service) => {
      await send(service, "GET", "ping");
      await untilTimers(1);
      vi.advanceTimersByTime(30_000);
    },
    error: {
      code: "guest-no-answer",
      message: "listing the guest's /tmp failed after 3 tries: no guest tools asked for actions for 30.0 s",
    },
  },
  "no reply begins in 30 s": {
    fail: async (service) => {
      await poll(service);
      vi.advanceTimersByTime(30_000);
    },
    error: {
      code: "guest-no-answer",
      message: expect.stringContaining("took the action, but did not begin to answer for 30.0 s"),
      advice: "Look for the cause in the guest's log and console.",
    },
  },
  "the reply has a wrong method": {
    fail: async (service) => {
      const { id } = await poll(service);
      const refused = await reply(service, id, "", { method: "PUT" });
      expect(refused).toMatchObject({ status: 405, headers: { allow: "POST" } });
      expect(errorCodeIn(refused.body)).toBe("MethodNotAllowed");
      expect(errorCodeIn((await replyListing(service, id, listing)).body)).toBe("UnknownActionId");
    },
    error: { code: "guest-action-failed", message: expect.stringContaining("PUT, and must use POST") },
  },
  "the reply asks for a WebSocket": {
    fail: async (service) => {
      const { id } = await poll(service);
      const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
      const refused = await sendRaw(service, `GET /engine/v1/reply?id=${id} HTTP/1.1\r\n${upgrade}\r\n`);
      expect(refused).toMatch(/^HTTP\/1.1 405 Method Not Allowed\r\nAllow: POST\r\n/);
      expect(errorCodeIn(refused)).toBe("MethodNotAllowed");
    },
    error: { code: "guest-action-failed", message: expect.stringContaining("GET, and must use POST") },
  },
  "the reply is malformed": {
    fail: async (service) => {
      const refused = await replyListing(service, (await poll(service)).id, "no listing");
      expect([refused.status, errorCodeIn(refused.body)]).toEqual([400, "InvalidPayload"]);
    },
    error: {
      code: "guest-action-failed",
      message: expect.stringContaining("not the expected JSON"),
    },
  },
  "the reply breaks off": {
    fail: async (service) => {
      const guest = await beginReply(service, (await poll(service)).id, '{"files": [');
      guest.destroy();
    },
    error: { code: "guest-action-failed", message: expect.stringContaining("interrupted: its connection") },
  },
  "the reply stops for 60 s": {
    fail: async (service) => {
      const guest = await beginReply(service, (await poll(service)).id, '{"files": [');
      vi.advanceTimersByTime(60_000);
      await once(guest.resume(), "end");
    },
    error: { code: "guest-action-failed", message: expect.stringContaining("no data arrived for 1 min 0 s") },
  },
};

test.each(Object.entries(failures))(
  "a try fails when %s, and the third is the last",
  async (_why, { fail, error }) => {
    watchTimers();
    const service = await startTestService();
    const listed = service.service.actions.listFolder("/tmp");
    const rejected = expect(listed).rejects.toMatchObject({
      ...error,
      advice: expect.any(String),
      details: [],
    });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await fail(service);
      await until(() => countEvents(service, "action-try-failed") === attempt);
    }
    await rejected;
    const over = {
      type: "action-ended",
      action: 1,
      kind: "list-folder",
      error: expect.objectContaining(error),
    };
    expect(service.events.at(-1)).toEqual(over);
    await untilTimers(0);
  },
);

test("an action waits for a guest that boots, however long; its time begins with the guest's first request", async () => {
  watchTimers();
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  await until(() => countEvents(service, "action-requested") === 1);
  vi.advanceTimersByTime(3_600_000);
  expect(countEvents(service, "action-try-failed")).toBe(0);
  await send(service, "GET", "ping");
  await untilTimers(1);
  vi.advanceTimersByTime(30_000);
  await until(() => countEvents(service, "action-try-failed") === 1);
  await replyListing(service, (await poll(service)).id, listing);
  await expect(listed).resolves.toEqual(listing);
});

test("a try that fails is followed by one that may succeed, and whose reasons are all told if it does not", async () => {
  watchTimers();
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  await failures["the reply is malformed"]?.fail(service);
  await failures["no reply begins in 30 s"]?.fail(service);
  await replyListing(service, (await poll(service)).id, listing);
  await expect(listed).resolves.toEqual(listing);

  const failing = service.service.actions.listFolder("/tmp");
  failing.catch(() => {});
  await failures["the reply is malformed"]?.fail(service);
  await failures["the reply breaks off"]?.fail(service);
  await failures["no reply begins in 30 s"]?.fail(service);
  await expect(failing).rejects.toMatchObject({
    code: "guest-no-answer",
    details: [
      expect.stringMatching(/^try 1: a folder's listing is not/),
      expect.stringMatching(/^try 2: the guest's answer was interrupted/),
      expect.stringMatching(/^try 3: the guest took the action/),
    ],
  });
});

test("a try fails at once when the poll that is to have it is gone, and a living one gets the next", async () => {
  watchTimers();
  const service = await startTestService();
  const gone = await connectRaw(service);
  gone.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n");
  await untilTimers(1);
  await untilPollsWait();
  // Nobody but the system knows yet that it is gone.
  gone.destroy();
  const listed = service.service.actions.listFolder("/tmp");
  await replyListing(service, (await poll(service)).id, listing);
  await expect(listed).resolves.toEqual(listing);
  expect(service.events).toContainEqual({
    type: "action-try-failed",
    action: 1,
    reason: "the guest tools that asked for the action have closed the connection",
  });
  await untilTimers(0);
});
