import { expect, test } from "vitest";
import { connectRaw, openLog, send, sendRaw, task, until } from "../service/test-service.ts";
import { startServiceWithRules } from "./test-rules.ts";

test("of edited messages the service's side is recorded, of others nothing", async () => {
  const { rules, service } = await startServiceWithRules(
    { when: { endpoint: "success" }, steps: [{ edit: { headers: { "X-A": "edited" }, text: "body" } }] },
    { when: { from: "host", endpoint: "execute" }, steps: [{ edit: { status: 500 } }] },
    { when: { from: "host", endpoint: "ping" }, steps: [{ split: 1 }] },
  );
  await send(service, "PUT", "success");
  expect((await send(service, "GET", "execute")).status).toBe(500);
  await send(service, "GET", "ping");
  const body = (text: string) => ({ bytes: text.length, beginning: Buffer.from(text).toString("base64") });
  const edits = rules.events.filter(({ type }) => type === "message-edited");
  expect(edits).toMatchObject([
    {
      from: "guest",
      headers: expect.arrayContaining([
        ["X-A", "edited"],
        ["Content-Length", "4"],
      ]),
      body: body("body"),
    },
    { from: "host", status: 200, body: body(JSON.stringify(task)) },
  ]);
});

test("of messages that a rule has cut, the part that the service took or the response that it made is recorded", async () => {
  const { rules, service } = await startServiceWithRules(
    { when: { endpoint: "log" }, steps: [{ cut: { after: 6 } }] },
    { when: { from: "host", endpoint: "execute" }, steps: [{ cut: { after: 5 } }] },
  );
  const socket = await connectRaw(service);
  const ended = new Promise((resolve) => socket.once("end", resolve));
  socket.resume().write(openLog("0123456789"));
  await ended;
  await sendRaw(service, "GET /engine/v1/execute HTTP/1.1\r\n\r\n");
  const body = (text: string) => ({ bytes: text.length, beginning: Buffer.from(text).toString("base64") });
  await until(() => rules.events.filter(({ type }) => type === "message-edited").length === 2);
  expect(rules.events.filter(({ type }) => type === "message-edited")).toMatchObject([
    { from: "guest", body: body("012345") },
    { from: "host", status: 200, body: body(JSON.stringify(task)) },
  ]);
});
