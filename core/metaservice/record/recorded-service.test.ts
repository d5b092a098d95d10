import { expect, onTestFinished, test } from "vitest";
import type { ExchangeEvent } from "../../../shared/guest/exchange.ts";
import { poll, replyListing } from "../service/test-guest.ts";
import {
  connectRaw,
  makeTestFolder,
  openLog,
  sendRaw,
  startTestService,
  until,
} from "../service/test-service.ts";
import { openTestShell } from "../shell/test-shell.ts";
import { createExchangeRecorder } from "./exchange-recorder.ts";

async function startRecordedService() {
  const events: ExchangeEvent[] = [];
  const recorder = createExchangeRecorder({
    report: (event) => events.push(event),
    folder: await makeTestFolder(),
  });
  onTestFinished(() => recorder.close());
  const service = await startTestService({ recorder });
  /** The report of an ended exchange. */
  const ended = async (exchange: number) => {
    const ofIt = () => events.filter((event) => event.exchange === exchange);
    await until(() => ofIt().some(({ type }) => type === "exchange-ended"));
    const find = <Type extends ExchangeEvent["type"]>(type: Type) =>
      ofIt().find((event): event is Extract<ExchangeEvent, { type: Type }> => event.type === type);
    return {
      started: find("exchange-started"),
      replied: find("exchange-replied"),
      ended: find("exchange-ended"),
    };
  };
  return { service, ended, events };
}

const text = (body: { beginning: string } | undefined) =>
  Buffer.from(body?.beginning ?? "", "base64").toString();

test("an action names the exchanges that carried it", async () => {
  const { service, ended } = await startRecordedService();
  const listed = service.service.actions.listFolder("/tmp");
  await replyListing(service, (await poll(service)).id, { files: ["/tmp/a"] });
  await listed;
  const [taken, answered] = service.events.flatMap((event) => ("exchange" in event ? [event.exchange] : []));
  expect([taken, answered]).toEqual([1, 2]);
  expect((await ended(1)).started?.target).toBe("/engine/v1/poll");
  expect(text((await ended(1)).ended?.reply)).toContain('"path":"/tmp"');
  expect(text((await ended(2)).ended?.request)).toBe('{"files":["/tmp/a"]}');
});

test("the end of a streamed request is told of when it comes, before the response", async () => {
  const { service, events } = await startRecordedService();
  const guest = await connectRaw(service);
  guest.write(openLog("first", 10));
  await until(() => service.logged().length === 5);
  const types = () => events.map(({ type }) => type);
  expect(types()).toEqual(["exchange-started"]);
  guest.end(" last");
  await until(() => types().includes("exchange-ended"));
  expect(types()).toEqual(["exchange-started", "exchange-received", "exchange-replied", "exchange-ended"]);
});

test("a request that is cut in its body has no end", async () => {
  const { service, events } = await startRecordedService();
  const guest = await connectRaw(service);
  guest.write(openLog("first", 10));
  await until(() => service.logged().length === 5);
  guest.destroy();
  await until(() => events.some(({ type }) => type === "exchange-ended"));
  expect(events.map(({ type }) => type)).toEqual(["exchange-started", "exchange-ended"]);
});

test("a shell is one exchange, with the messages of both sides", async () => {
  const { service, ended } = await startRecordedService();
  const { guest, ended: over, send } = await openTestShell(service);
  send({ type: "data", stream: "stdin", payload: Buffer.from("in") });
  await until(() => guest.messages.length === 1);
  guest.send({ type: "exit", success: true });
  await over;
  const answered = service.events.find(({ type }) => type === "action-answered");
  const exchange = await ended(answered && "exchange" in answered ? answered.exchange : 0);
  expect(exchange.replied).toMatchObject({
    status: 101,
    headers: expect.arrayContaining([["Upgrade", "websocket"]]),
  });
  expect(exchange.ended).toMatchObject({ outcome: "complete", request: { bytes: 2 }, reply: { bytes: 4 } });
  expect(text(exchange.ended?.request)).toBe("\u{5}\0");
  expect(text(exchange.ended?.reply)).toBe("\0\0in");
});

test("a shell's exchange is complete after its exit, though the guest never closes the connection", async () => {
  const { service, ended } = await startRecordedService();
  const { guest, ended: over } = await openTestShell(service);
  guest.send({ type: "exit", success: true });
  guest.socket.pause();
  await over;
  await service.service.close();
  expect((await ended(2)).ended?.outcome).toBe("complete");
});

test("a shell whose guest dies is an exchange that was cut", async () => {
  const { service, ended } = await startRecordedService();
  const { guest } = await openTestShell(service);
  guest.socket.terminate();
  expect((await ended(2)).ended?.outcome).toBe("cut");
});

test.each([
  [
    "an upgrade that is refused",
    "GET /engine/v1/ping HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
    "GET",
    400,
  ],
  ["a request that is not HTTP", "what is this?\r\n\r\n", "?", 400],
  ["a request to nowhere", "GET / HTTP/1.1\r\n\r\n", "GET", 404],
])("%s is an exchange", async (_what, bytes, method, status) => {
  const { service, ended } = await startRecordedService();
  const refused = await sendRaw(service, bytes);
  const exchange = await ended(1);
  expect(exchange.started?.method).toBe(method);
  expect(exchange.replied?.status).toBe(status);
  expect(refused.endsWith(text(exchange.ended?.reply))).toBe(true);
  expect(exchange.ended?.outcome).toBe("complete");
});
