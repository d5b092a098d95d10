import { expect, test } from "vitest";
import { ruleSchema } from "../../../shared/rules/rule.ts";
import {
  connectRaw,
  errorCodeIn,
  openLog,
  send,
  sendRaw,
  startTestService,
  task,
  until,
} from "../service/test-service.ts";
import { startServiceWithRules, startTestRules } from "./test-rules.ts";

test("a request is answered in place of the service, once", async () => {
  const { rules, service } = await startServiceWithRules({
    when: { endpoint: "success" },
    steps: [{ answer: { status: 503 } }],
  });
  const refused = await send(service, "PUT", "success");
  expect(refused.status).toBe(503);
  expect(errorCodeIn(refused.body)).toBe("InternalError");
  expect(service.results).toEqual([]);
  expect((await send(service, "PUT", "success")).status).toBe(200);
  expect(service.results).toEqual(["success"]);
  expect(rules.hits()).toEqual(["rule"]);
});

test("a rule behind one that ends the message keeps its hit for the next one, but has seen it for its occurrence", async () => {
  const late = [{}, { occurrence: 1 }, { occurrence: 2 }].map((when) => ({ when, steps: [{ delay: 0.01 }] }));
  const { rules, service } = await startServiceWithRules({ steps: [{ answer: { status: 500 } }] }, ...late);
  expect((await send(service, "GET", "ping")).status).toBe(500);
  expect(rules.rules.list()[1]).toMatchObject({ hits: 0, left: 1 });
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect(rules.hits()).toEqual(["rule", "rule 2", "rule 4"]);
  expect(rules.rules.uses()?.map(({ hits }) => hits)).toEqual([1, 1, 0, 1]);
});

test("an answer has the headers and the body that the rule gives", async () => {
  const { service } = await startServiceWithRules({
    steps: [{ answer: { status: 200, json: { a: 1 }, headers: { "X-Test": "yes", "Content-Type": null } } }],
  });
  const { status, headers, body } = await send(service, "GET", "ping");
  expect([status, body, headers["x-test"], headers["content-type"]]).toEqual([
    200,
    '{"a":1}',
    "yes",
    undefined,
  ]);
});

test.each([
  ["always", 3],
  [2, 2],
  [1, 1],
] as const)("times: %s", async (times, hits) => {
  const { rules, service } = await startServiceWithRules({
    when: { endpoint: "ping" },
    steps: [{ answer: {} }],
    times,
  });
  for (let request = 0; request < 3; request += 1) await send(service, "GET", "ping");
  expect(rules.hits()).toHaveLength(hits);
});

test("a dropped request is never answered, and the service doesn't see it", async () => {
  const { service } = await startServiceWithRules({ when: { endpoint: "success" }, steps: [{ drop: true }] });
  const socket = await connectRaw(service);
  let came = 0;
  socket.on("data", () => (came += 1));
  socket.write("PUT /engine/v1/success HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  await send(service, "GET", "ping");
  expect([came, service.results]).toEqual([0, []]);
});

test("an edited request is what the service gets", async () => {
  const { service } = await startServiceWithRules({
    when: { endpoint: "log", text: "one" },
    steps: [{ edit: { text: "two" } }],
  });
  // A log is streamed, so it is not edited.
  await send(service, "POST", "log", Buffer.from("one"));
  expect(service.logged().toString()).toBe("one");
});

test("a response that gets a status without a body has neither a body nor a length", async () => {
  const raw = "GET /engine/v1/execute HTTP/1.1\r\n\r\n";
  for (const steps of [[{ edit: { status: 304 } }], [{ edit: { status: 204 } }, { split: 1 }]]) {
    const { service } = await startServiceWithRules({ when: { from: "host" }, steps });
    const response = await sendRaw(service, raw);
    expect(response).toMatch(/^HTTP\/1.1 (304|204) .*\r\n\r\n$/s);
    expect(response).not.toMatch(/content-length|transfer-encoding/i);
  }
  const { service } = await startServiceWithRules({ steps: [{ answer: { status: 204 } }] });
  expect(await sendRaw(service, raw)).not.toMatch(/content-length/i);
});

test("an edited response", async () => {
  const { service } = await startServiceWithRules({
    when: { from: "host", endpoint: "execute" },
    steps: [{ edit: { json: { env: {}, command: ["other"] }, headers: { "X-A": "b" } } }],
  });
  const first = await send(service, "GET", "execute");
  expect([JSON.parse(first.body), first.headers["x-a"]]).toEqual([{ env: {}, command: ["other"] }, "b"]);
  expect(JSON.parse((await send(service, "GET", "execute")).body)).toEqual(task);
});

test("a lost response: the service has the result, and the guest does not know", async () => {
  const { service } = await startServiceWithRules({
    when: { from: "host", endpoint: "success" },
    steps: [{ cut: {} }],
  });
  const reply = await sendRaw(service, "PUT /engine/v1/success HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  expect([reply, service.results]).toEqual(["", ["success"]]);
});

test("a response that is cut after some bytes keeps its head and its length", async () => {
  const { service } = await startServiceWithRules({
    when: { from: "host", endpoint: "execute" },
    steps: [{ cut: { after: 5 } }],
  });
  const reply = await sendRaw(service, "GET /engine/v1/execute HTTP/1.1\r\n\r\n");
  const [head, body] = reply.split("\r\n\r\n");
  expect(head).toContain(`Content-Length: ${JSON.stringify(task).length}`);
  expect(body).toBe(JSON.stringify(task).slice(0, 5));
});

test("a response in pieces of one byte is whole", async () => {
  const { service } = await startServiceWithRules({
    when: { from: "host" },
    steps: [{ split: 1 }],
    times: "always",
  });
  expect(JSON.parse((await send(service, "GET", "execute")).body)).toEqual(task);
});

test("a delayed response comes later, and a throttled one slower", async () => {
  const { service } = await startServiceWithRules(
    { when: { from: "host", endpoint: "ping" }, steps: [{ delay: 0.2 }] },
    { when: { from: "host", endpoint: "execute" }, steps: [{ throttle: 100 }] },
  );
  const begin = performance.now();
  await send(service, "GET", "ping");
  const delayed = performance.now();
  expect(delayed - begin).toBeGreaterThan(190);
  await send(service, "GET", "execute");
  // Of its 50 bytes some come at once.
  expect(performance.now() - delayed).toBeGreaterThan(250);
});

test("a log is cut after some bytes, which have arrived", async () => {
  const { service } = await startServiceWithRules({
    when: { endpoint: "log" },
    steps: [{ cut: { after: 6 } }],
  });
  const socket = await connectRaw(service);
  const ended = new Promise((resolve) => socket.once("end", resolve));
  socket.resume().write(openLog("0123456789"));
  await ended;
  await until(() => service.logged().length > 0);
  expect(service.logged().toString()).toBe("012345");
});

test("a half-close ends the response, and the guest can still send", async () => {
  const { service } = await startServiceWithRules({
    when: { endpoint: "log" },
    steps: [{ cut: { after: 3, by: "half-close" } }],
  });
  const socket = await connectRaw(service);
  const ended = new Promise((resolve) => socket.once("end", resolve));
  socket.resume().write(openLog("012345"));
  await ended;
  expect(socket.writable).toBe(true);
  expect(socket.write("more")).toBe(true);
});

test("a rule sees a text in a log as soon as it has come, also when it comes in two pieces", async () => {
  const { rules, service } = await startServiceWithRules({
    when: { endpoint: "log", text: "error" },
    steps: [{ answer: { status: 500 } }],
  });
  const socket = await connectRaw(service);
  const answer = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  socket.write(openLog("fine\ner"));
  await until(() => service.logged().length === 7);
  expect(rules.hits()).toEqual([]);
  socket.write("ror\n");
  expect(await answer).toContain("HTTP/1.1 500");
  expect(service.logged().toString()).toBe("fine\ner");
});

test("of a body, its text, a pattern and values of its JSON are compared", async () => {
  const steps = [{ answer: { status: 404 } }];
  const { rules, service } = await startServiceWithRules(
    { when: { endpoint: "ping", text: '"b"' }, steps },
    { when: { endpoint: "ping", pattern: "x+y" }, steps },
    { when: { endpoint: "ping", json: { c: { d: [1] } } }, steps },
  );
  for (const body of ["xz", '{"c": {"d": [1, 2]}}', '{"a": "b"}', "zxxy", '{"c": {"d": [1], "e": 2}}'])
    await send(service, "GET", "ping", Buffer.from(body));
  expect(rules.hits()).toEqual(["rule", "rule 2", "rule 3"]);
});

test("only the occurrence that is asked for", async () => {
  const { service } = await startServiceWithRules({
    when: { endpoint: "ping", occurrence: 2 },
    steps: [{ answer: { status: 418 } }],
  });
  const statuses = [];
  for (let request = 0; request < 4; request += 1) statuses.push((await send(service, "GET", "ping")).status);
  expect(statuses).toEqual([200, 418, 200, 200]);
});

test("a probability chooses the same messages with the same seed", async () => {
  const chosen = async (seed: number) => {
    const rules = startTestRules(
      [{ when: { probability: 0.5 }, steps: [{ answer: { status: 418 } }], times: "always" }],
      { seed },
    );
    const service = await startTestService({ rules });
    const statuses = [];
    for (let request = 0; request < 20; request += 1)
      statuses.push((await send(service, "GET", "ping")).status);
    return statuses;
  };
  const [first, again, other] = [await chosen(1), await chosen(1), await chosen(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 418]));
});

test("an action is given to two polls", async () => {
  const { service } = await startServiceWithRules({
    when: { from: "host", endpoint: "poll", action: "list-folder" },
    steps: [{ repeat: true }],
  });
  const listing = service.service.actions.listFolder("/x", {});
  const first = JSON.parse((await send(service, "GET", "poll")).body);
  const second = JSON.parse((await send(service, "GET", "poll")).body);
  expect(second).toEqual(first);
  const answer = Buffer.from('{"files": [], "notFound": false}');
  const json = { "Content-Type": "application/json" };
  const replies = [first, second].map(({ id }) => send(service, "POST", `reply?id=${id}`, answer, json));
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 400]);
  expect(await listing).toEqual({ files: [], notFound: false });
});

test("the reply to an action is edited before it is handled", async () => {
  const { service } = await startServiceWithRules({
    when: { endpoint: "reply", action: "list-folder" },
    steps: [{ edit: { json: { files: ["/edited"], notFound: false } } }],
  });
  const listing = service.service.actions.listFolder("/x", {});
  const { id } = JSON.parse((await send(service, "GET", "poll")).body);
  const json = { "Content-Type": "application/json" };
  await send(service, "POST", `reply?id=${id}`, Buffer.from('{"files": []}'), json);
  expect(await listing).toEqual({ files: ["/edited"], notFound: false });
});

test("a swallowed poll gets no action, and the next one gets it", async () => {
  const { service } = await startServiceWithRules({ when: { endpoint: "poll" }, steps: [{ drop: true }] });
  const socket = await connectRaw(service);
  socket.write("GET /engine/v1/poll HTTP/1.1\r\n\r\n");
  await send(service, "GET", "ping");
  const killing = service.service.actions.killProcess({});
  const { id, type } = JSON.parse((await send(service, "GET", "poll")).body);
  expect(type).toBe("kill-process");
  await send(service, "POST", `reply?id=${id}`);
  await killing;
});

test("a rule applies to the response of a poll that was waiting before it was added", async () => {
  const rules = startTestRules([]);
  let requests = 0;
  const service = await startTestService({
    rules,
    onActivity: () => {
      requests += 1;
    },
  });
  const polled = send(service, "GET", "poll");
  await until(() => requests === 1);
  rules.rules.add([
    ruleSchema.parse({
      name: "late",
      when: { from: "host", endpoint: "poll" },
      steps: [{ edit: { status: 503 } }],
    }),
  ]);
  void service.service.actions.listFolder("/").catch(() => {});
  expect((await polled).status).toBe(503);
});
