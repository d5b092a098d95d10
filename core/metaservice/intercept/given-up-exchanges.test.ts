import { expect, test } from "vitest";
import type { ExchangeEvent } from "../../../shared/guest/exchange.ts";
import { createExchangeRecorder } from "../record/exchange-recorder.ts";
import { connectRaw, makeTestFolder, sendRaw, startTestService, until } from "../service/test-service.ts";
import { hold } from "./test-holding.ts";
import { startTestRules } from "./test-rules.ts";

/** Starts a service with rules and a window, whose exchanges are recorded. */
async function start(...rules: Parameters<typeof startTestRules>[0]) {
  const tested = startTestRules(rules);
  const window = tested.openWindow();
  const events: ExchangeEvent[] = [];
  const recorder = createExchangeRecorder({
    report: (event) => events.push(event),
    folder: await makeTestFolder(),
  });
  const service = await startTestService({ rules: tested, recorder });
  const outcomes = () => events.flatMap((event) => (event.type === "exchange-ended" ? [event.outcome] : []));
  return { rules: tested, service, window, outcomes };
}

test.each(["guest", "host"] as const)(
  "an exchange that the guest gave up while a message from the %s was held is cut",
  async (from) => {
    const { service, window, outcomes } = await start({ when: { endpoint: "ping", from }, ...hold });
    const socket = await connectRaw(service);
    socket.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
    await window.untilShown(1);
    socket.end();
    await until(() => outcomes().length > 0);
    expect(outcomes()).toEqual(["cut"]);
  },
);

test("an exchange that the guest gave up during a delay is cut, and one that it waited for is complete", async () => {
  const { rules, service, outcomes } = await start(
    { when: { endpoint: "ping" }, steps: [{ delay: 60 }] },
    { when: { endpoint: "success" }, steps: [{ delay: 0.05 }] },
  );
  const socket = await connectRaw(service);
  socket.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
  await until(() => rules.hits().length > 0);
  socket.end();
  await until(() => outcomes().length > 0);
  const patient = await connectRaw(service);
  patient.write("PUT /engine/v1/success HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  await until(() => outcomes().length > 1);
  expect(outcomes()).toEqual(["cut", "complete"]);
});

test.each(["guest", "host"] as const)(
  "an exchange that the guest gave up after a rule has dropped a message from the %s is cut",
  async (from) => {
    const { rules, service, outcomes } = await start({
      when: { endpoint: "ping", from },
      steps: [{ drop: true }],
    });
    const socket = await connectRaw(service);
    socket.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
    await until(() => rules.hits().length > 0);
    socket.end();
    await until(() => outcomes().length > 0);
    expect(outcomes()).toEqual(["cut"]);
  },
);

test("a client that only closes its sending half, without a rule, has a complete exchange", async () => {
  const { service, outcomes } = await start();
  expect(await sendRaw(service, "GET /engine/v1/ping HTTP/1.1\r\nConnection: close\r\n\r\n")).toContain(
    "200 OK",
  );
  expect(outcomes()).toEqual(["complete"]);
});
