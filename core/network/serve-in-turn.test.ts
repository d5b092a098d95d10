import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { ExchangeEvent } from "../../shared/guest/exchange.ts";
import { eventually } from "../../tests/eventually.ts";
import { startTestRules } from "../metaservice/intercept/test-rules.ts";
import { defaultLimits } from "../metaservice/limits.ts";
import { createExchangeRecorder } from "../metaservice/record/exchange-recorder.ts";
import {
  connectRaw,
  makeTestFolder,
  openLog,
  send,
  sendRaw,
  startTestService,
} from "../metaservice/service/test-service.ts";

const ping = "GET /engine/v1/ping HTTP/1.1\r\n\r\n";
const lastPing = "GET /engine/v1/ping HTTP/1.1\r\nConnection: close\r\n\r\n";

test("requests that didn't await a reply are served one after another, with all of their bodies", async () => {
  const service = await startTestService();
  const logs = ["a", "b", "c"].map((letter) => letter.repeat(300_000));
  const requests = logs.map((log) => openLog(log, log.length) + ping);
  const replies = await sendRaw(service, requests.join(""));
  expect(replies.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2 * logs.length);
  expect(service.logged().toString()).toBe(logs.join(""));
});

test("a request is not served before the one before it has its reply", async () => {
  const service = await startTestService();
  const guest = await connectRaw(service);
  guest.write(
    "GET /engine/v1/poll HTTP/1.1\r\n\r\nPUT /engine/v1/success HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
  );
  // A second connection that is served tells that the first was read.
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect(service.results).toEqual([]);
  const killed = service.service.actions.killProcess();
  const [action] = await once(guest.resume(), "data");
  expect(String(action)).toContain("kill-process");
  await eventually(() => expect(service.results).toEqual(["success"]));
  await service.service.close();
  await expect(killed).rejects.toThrow();
});

test("as many requests as may wait are served in their order", async () => {
  const service = await startTestService();
  const { waitingRequests } = defaultLimits;
  const replies = await sendRaw(service, ping.repeat(waitingRequests) + lastPing);
  expect(replies.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(waitingRequests + 1);
});

test("a connection with more requests that wait than may is told so and closed, and they are not served", async () => {
  let served = 0;
  const notes: string[] = [];
  const events: ExchangeEvent[] = [];
  const recorder = createExchangeRecorder({
    report: (event) => events.push(event),
    folder: await makeTestFolder(),
  });
  const service = await startTestService({
    onActivity: () => served++,
    onNote: (text) => notes.push(text),
    recorder,
  });
  const poll = "GET /engine/v1/poll HTTP/1.1\r\n\r\n";
  const tooMany = poll + ping.repeat(defaultLimits.waitingRequests + 1);
  for (const _ of [1, 2]) {
    const reply = await sendRaw(service, tooMany + ping.repeat(1_000));
    expect(reply).toMatch(/^HTTP\/1\.1 503 .*Connection: close.*64 requests .* wait on this connection/s);
    expect(reply.match(/HTTP/g)).toHaveLength(1);
  }
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect(served).toBe(3);
  expect(notes).toEqual([expect.stringContaining("more requests on a connection than may wait there, 64")]);
  const replied = events.flatMap((event) => (event.type === "exchange-replied" ? [event.status] : []));
  expect(replied).toEqual([503, 503, 200]);
});

test("an answer that has begun is not mixed with the refusal of a request", async () => {
  const rules = startTestRules([{ when: { from: "host", endpoint: "execute" }, steps: [{ throttle: 10 }] }]);
  const service = await startTestService({ rules });
  const guest = await connectRaw(service);
  guest.write("GET /engine/v1/execute HTTP/1.1\r\n\r\n");
  const [beginning] = await once(guest, "data");
  guest.write(ping.repeat(defaultLimits.waitingRequests + 1));
  expect(`${beginning}${await text(guest)}`).toMatch(/^HTTP\/1\.1 200 (?!.*503)/s);
});
