import { once } from "node:events";
import { expect, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { defaultLimits } from "../metaservice/limits.ts";
import { connectRaw, openLog, send, sendRaw, startTestService } from "../metaservice/service/test-service.ts";

const ping = "GET /engine/v1/ping HTTP/1.1\r\n\r\n";

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

test("a connection with more requests that wait than may is closed, and they are not served", async () => {
  let served = 0;
  const service = await startTestService({ onActivity: () => served++ });
  const poll = "GET /engine/v1/poll HTTP/1.1\r\n\r\n";
  expect(await sendRaw(service, poll + ping.repeat(defaultLimits.waitingRequests + 1))).toBe("");
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect(served).toBe(2);
});
