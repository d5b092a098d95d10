import { expect, test } from "vitest";
import { ruleSchema } from "../../../shared/rules/rule.ts";
import { startTestService, until } from "../service/test-service.ts";
import { openTestShell } from "../shell/test-shell.ts";
import { startTestRules } from "./test-rules.ts";

type Rules = Parameters<typeof startTestRules>[0];

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (payload: Uint8Array) => new TextDecoder().decode(payload);

async function open(...given: Rules) {
  const rules = startTestRules(given);
  const service = await startTestService({ rules });
  return { rules, ...(await openTestShell(service)) };
}

test("output is split into messages of some bytes", async () => {
  const { guest, received } = await open({
    when: { message: "data", stream: "stdout" },
    steps: [{ split: 2 }],
  });
  guest.send({ type: "data", stream: "stdout", payload: bytes("abcde") });
  await until(() => received.length === 3);
  expect(received.map((message) => message.type === "data" && textOf(message.payload))).toEqual([
    "ab",
    "cd",
    "e",
  ]);
});

test("an acknowledgement is withheld", async () => {
  const { rules, guest, received, send } = await open({
    when: { from: "host", message: "ack" },
    steps: [{ drop: true }],
  });
  guest.send({ type: "data", stream: "stdout", payload: bytes("ab") });
  guest.send({ type: "data", stream: "stdout", payload: bytes("cd") });
  await until(() => received.length === 2);
  send({ type: "ack", stream: "stdout", bytes: 2 });
  send({ type: "ack", stream: "stdout", bytes: 2 });
  await until(() => guest.messages.length === 1);
  expect([guest.messages, rules.hits()]).toEqual([[{ type: "ack", stream: "stdout", bytes: 2 }], ["rule"]]);
});

test("input is edited, and repeated", async () => {
  const { guest, send } = await open({
    when: { from: "host", message: "data" },
    steps: [{ edit: { text: "other" } }, { repeat: true }],
  });
  send({ type: "data", stream: "stdin", payload: bytes("mine") });
  await until(() => guest.messages.length === 2);
  expect(guest.messages.map((message) => message.type === "data" && textOf(message.payload))).toEqual([
    "other",
    "other",
  ]);
});

test("a lost exit: the shell is cut off when the guest closes", async () => {
  const { guest, ended } = await open({ when: { message: "exit" }, steps: [{ drop: true }] });
  guest.send({ type: "exit", success: true });
  guest.socket.close(1000);
  await expect(ended).rejects.toThrow("its connection broke before it had ended");
});

test("messages behind a delayed one keep their order", async () => {
  const { guest, received } = await open({ when: { message: "data", text: "1" }, steps: [{ delay: 0.1 }] });
  for (const text of ["1", "2"]) guest.send({ type: "data", stream: "stdout", payload: bytes(text) });
  guest.send({ type: "exit", success: true });
  await until(() => received.length === 3);
  expect(received.map(({ type }) => type)).toEqual(["data", "data", "exit"]);
  expect(received.map((message) => message.type === "data" && textOf(message.payload)).slice(0, 2)).toEqual([
    "1",
    "2",
  ]);
});

test("a ping is not answered", async () => {
  const { guest } = await open({ when: { from: "host", message: "pong" }, steps: [{ drop: true }] });
  let pongs = 0;
  guest.socket.on("pong", () => (pongs += 1));
  guest.socket.ping("1");
  guest.socket.ping("2");
  await until(() => pongs === 1);
});

test("a shell's request is answered with an error, so there is no shell", async () => {
  const rules = startTestRules([
    { when: { endpoint: "reply", action: "exec-shell" }, steps: [{ answer: { status: 503 } }] },
  ]);
  const service = await startTestService({ rules });
  await expect(openTestShell(service)).rejects.toThrow("503");
});

test("a rule applies to a shell that was open before it was added", async () => {
  const { rules, guest, send } = await open();
  rules.rules.add([
    ruleSchema.parse({
      name: "late",
      when: { from: "host", message: "data" },
      steps: [{ edit: { text: "other" } }],
    }),
  ]);
  send({ type: "data", stream: "stdin", payload: bytes("mine") });
  await until(() => guest.messages.length === 1);
  const [message] = guest.messages;
  expect(message?.type === "data" && textOf(message.payload)).toBe("other");
});
