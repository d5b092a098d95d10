import { expect, test } from "vitest";
import type { ReleaseRequest } from "../../../shared/rules/held-message.ts";
import { poll, replyListing } from "../service/test-guest.ts";
import { connectRaw, send, startTestService, task, until } from "../service/test-service.ts";
import { openTestShell } from "../shell/test-shell.ts";
import { hold, startHolding } from "./test-holding.ts";
import { startTestRules } from "./test-rules.ts";

const bodyOf = ({ held }: ReturnType<typeof startTestRules>, number = 1) =>
  Buffer.from(held.bodyOf(number)).toString();

test("a request is held before the service sees it, and goes on as it was", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "success" }, ...hold });
  const sent = send(service, "PUT", "success");
  const [held] = await window.untilShown(1);
  expect(held).toMatchObject({
    ...{
      number: 1,
      rule: "rule",
      from: "guest",
      endpoint: "success",
      method: "PUT",
      target: "/engine/v1/success",
    },
    canEdit: true,
  });
  expect(service.results).toEqual([]);
  rules.held.release(1, { release: "unchanged" });
  expect((await sent).status).toBe(200);
  expect(service.results).toEqual(["success"]);
  expect(window.shown()).toEqual([]);
});

test("a response is held with its draft, and edited", async () => {
  const { rules, service, window } = await startHolding({
    when: { from: "host", endpoint: "execute" },
    ...hold,
  });
  const sent = send(service, "GET", "execute");
  const [held] = await window.untilShown(1);
  expect([held?.status, JSON.parse(bodyOf(rules))]).toEqual([200, task]);
  rules.held.release(1, { release: "edited", edit: { status: 202, text: "raw" } });
  expect(await sent).toMatchObject({ status: 202, body: "raw" });
});

test("a held request is answered with an error; a response can't be", async () => {
  const { rules, service, window } = await startHolding(
    { when: { endpoint: "ping" }, ...hold },
    { when: { from: "host", endpoint: "execute" }, ...hold },
  );
  const ping = send(service, "GET", "ping");
  await window.untilShown(1);
  rules.held.release(1, { release: "answered", answer: { status: 503 } });
  expect((await ping).status).toBe(503);
  expect(rules.events).toContainEqual(
    expect.objectContaining({ type: "message-released", step: { answer: { status: 503 } } }),
  );
  const execute = send(service, "GET", "execute");
  await window.untilShown(1);
  expect(() => rules.held.release(2, { release: "answered", answer: { status: 503 } })).toThrow(
    "can't be answered",
  );
  rules.held.release(2, { release: "unchanged" });
  expect((await execute).status).toBe(200);
});

test("two are held at once, and released in any order", async () => {
  const { rules, service, window } = await startHolding({
    when: { endpoint: "ping" },
    ...hold,
    times: "always",
  });
  const [first, second] = [send(service, "GET", "ping"), send(service, "GET", "ping")];
  expect((await window.untilShown(2)).map(({ number }) => number)).toEqual([1, 2]);
  rules.held.release(2, { release: "unchanged" });
  await second;
  expect(window.shown().map(({ number }) => number)).toEqual([1]);
  rules.held.release(1, { release: "cut", cut: { by: "close" } });
  await expect(first).rejects.toThrow();
});

test("a window gets the heads of held messages, and the body of one when it asks", async () => {
  const { rules, service, window } = await startHolding({
    when: { endpoint: "reply" },
    ...hold,
    times: "always",
  });
  const body = (number: number) => `${number}`.repeat(100_000);
  for (const number of [1, 2, 3]) {
    send(service, "POST", `reply?id=${number}`, Buffer.from(body(number))).catch(() => {});
    await window.untilShown(number);
  }
  expect(window.shown().map(({ bodySize }) => bodySize)).toEqual([100_000, 100_000, 100_000]);
  expect(JSON.stringify(window.shown()).length).toBeLessThan(2000);
  expect(bodyOf(rules, 2)).toBe(body(2));
  rules.held.release(2, { release: "unchanged" });
  expect(() => rules.held.bodyOf(2)).toThrow("the held message 2 was released before");
});

test("a message is released once", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold });
  const sent = send(service, "GET", "ping");
  await window.untilShown(1);
  rules.held.release(1, { release: "unchanged" });
  expect(() => rules.held.release(1, { release: "unchanged" })).toThrow(
    "the held message 1 was released before",
  );
  await sent;
});

test("to remove a rule releases what it holds, unchanged, and says so", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold });
  const sent = send(service, "GET", "ping");
  await window.untilShown(1);
  rules.rules.remove("rule");
  expect((await sent).status).toBe(200);
  expect(rules.events).toContainEqual(
    expect.objectContaining({ type: "message-released", release: "unchanged", reason: "rule-removed" }),
  );
});

test("a guest that gives up releases what is held, and says so", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold });
  const socket = await connectRaw(service);
  socket.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
  await window.untilShown(1);
  socket.destroy();
  await window.untilShown(0);
  expect(rules.events).toContainEqual(
    expect.objectContaining({ type: "message-released", reason: "guest-gave-up" }),
  );
});

test("the service closes while it holds", async () => {
  const { service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold });
  const sent = send(service, "GET", "ping");
  sent.catch(() => {});
  await window.untilShown(1);
  await service.service.close();
  await expect(sent).rejects.toThrow();
});

test("listeners hear what is to happen to the virtual machine", async () => {
  const { rules, service, window } = await startHolding({
    when: { endpoint: "ping" },
    ...hold,
    times: "always",
  });
  const heard: string[] = [];
  using _listening = rules.held.onHolding((holding, rule) => heard.push(`${holding}: ${rule}`));
  const sent = [send(service, "GET", "ping"), send(service, "GET", "ping")];
  await window.untilShown(2);
  rules.held.letRun(true);
  rules.held.release(1, { release: "unchanged" });
  rules.held.release(2, { release: "unchanged" });
  await Promise.all(sent);
  expect(heard).toEqual(["pause: rule", "run: rule", "nothing: undefined"]);
});

test("a virtual machine that is to run from the start on is not paused, until a person wants that", async () => {
  const rules = startTestRules([{ when: { endpoint: "ping" }, ...hold }], { letsRun: true });
  const service = await startTestService({ rules });
  const window = rules.openWindow();
  const heard: string[] = [];
  using _listening = rules.held.onHolding((holding) => heard.push(holding));
  const sent = send(service, "GET", "ping");
  await window.untilShown(1);
  rules.held.letRun(false);
  rules.held.release(1, { release: "unchanged" });
  await sent;
  expect(heard).toEqual(["run", "pause", "nothing"]);
});

test("the tries of a request are counted, until it has a good response", async () => {
  const { rules, service, window } = await startHolding({
    when: { endpoint: "success" },
    ...hold,
    times: "always",
  });
  const triesOf = async (number: number, request: ReleaseRequest) => {
    const sent = send(service, "PUT", "success").catch(() => {});
    await until(() => window.shown()[0]?.number === number);
    const [held] = window.shown();
    rules.held.release(number, request);
    await sent;
    return held?.tries;
  };
  expect(await triesOf(1, { release: "answered", answer: { status: 503 } })).toBe(1);
  expect(await triesOf(2, { release: "cut", cut: { by: "close" } })).toBe(2);
  expect(await triesOf(3, { release: "unchanged" })).toBe(3);
  expect(await triesOf(4, { release: "answered", answer: { status: 400 } })).toBe(1);
  expect(await triesOf(5, { release: "unchanged" })).toBe(1);
});

test("guest tools that give up on a held request try it again", async () => {
  const { service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold, times: "always" });
  const socket = await connectRaw(service);
  socket.write("GET /engine/v1/ping HTTP/1.1\r\nHost: a\r\n\r\n");
  await window.untilShown(1);
  socket.destroy();
  await window.untilShown(0);
  void send(service, "GET", "ping").catch(() => {});
  const [held] = await window.untilShown(1);
  expect([held?.number, held?.tries]).toEqual([2, 2]);
});

test("no rule applies to an action of Tinsmith's own", async () => {
  const rules = startTestRules([
    { when: { from: "host", endpoint: "poll" }, ...hold, times: "always" },
    { when: { endpoint: "reply" }, ...hold, times: "always" },
    { when: { message: "data" }, ...hold, times: "always" },
  ]);
  const window = rules.openWindow();
  const service = await startTestService({ rules });
  const { guest, received } = await openTestShell(service, { isFreeOfRules: true });
  guest.send({ type: "data", stream: "stdout", payload: new TextEncoder().encode("out") });
  await until(() => received.length === 1);
  expect([window.shown(), rules.hits()]).toEqual([[], []]);
});

test("a shell's message is held, and its bytes edited", async () => {
  const rules = startTestRules([{ when: { message: "data" }, ...hold }]);
  const service = await startTestService({ rules });
  const window = rules.openWindow();
  const { guest, received } = await openTestShell(service);
  guest.send({ type: "data", stream: "stdout", payload: new TextEncoder().encode("out") });
  const [held] = await window.untilShown(1);
  expect([held?.message, bodyOf(rules)]).toEqual(["data", "out"]);
  rules.held.release(1, { release: "edited", edit: { text: "edited" } });
  await until(() => received.length === 1);
  expect(received[0]?.type === "data" && new TextDecoder().decode(received[0].payload)).toBe("edited");
});

test("the body of a held log is what has come of it, and can't be edited", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "log", text: "b" }, ...hold });
  const sent = send(service, "POST", "log", Buffer.from("abc"));
  const [held] = await window.untilShown(1);
  expect([bodyOf(rules), held?.canEdit, service.logged().length]).toEqual(["abc", false, 0]);
  expect(() => rules.held.release(1, { release: "edited", edit: { text: "x" } })).toThrow(
    "too large to be edited",
  );
  rules.held.release(1, { release: "unchanged" });
  await sent;
  expect(service.logged().toString()).toBe("abc");
});

test("an action whose response is held stays with the poll that took it", async () => {
  const { rules, service, window } = await startHolding({
    when: { from: "host", endpoint: "poll", action: "list-folder" },
    ...hold,
  });
  const listing = service.service.actions.listFolder("/x", {});
  const polled = poll(service);
  const [held] = await window.untilShown(1);
  expect(held?.action).toBe("list-folder");
  rules.held.release(1, { release: "unchanged" });
  await replyListing(service, (await polled).id, { files: ["/x/y"] });
  expect(await listing).toMatchObject({ files: ["/x/y"] });
});
