import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { ShellMessage } from "../../../shared/guest/shell-codec.ts";
import { poll, reply } from "../service/test-guest.ts";
import { errorCodeIn, sendRaw, startTestService, until } from "../service/test-service.ts";
import { openTestShell } from "./test-shell.ts";

test("a shell is asked for with its command, and talks both ways until its exit", async () => {
  const service = await startTestService();
  const { action, guest, received, ended, send } = await openTestShell(service, {
    command: ["sh", "-c", "cat"],
    tty: true,
    purpose: "put-file",
  });
  expect(action).toMatchObject({ type: "exec-shell", command: ["sh", "-c", "cat"], tty: true });
  send({ type: "size", columns: 80, rows: 24 });
  send({ type: "data", stream: "stdin", payload: Uint8Array.of(0xff, 0x00) });
  await until(() => guest.messages.length === 2);
  expect(guest.messages).toEqual([
    { type: "size", columns: 80, rows: 24 },
    { type: "data", stream: "stdin", payload: Buffer.of(0xff, 0x00) },
  ]);
  const answers: ShellMessage[] = [
    { type: "ack", stream: "stdin", bytes: 2 },
    { type: "data", stream: "stdout", payload: Buffer.of(0xfe, 0x01) },
    { type: "data", stream: "stdout", payload: Buffer.of() },
    { type: "data", stream: "stderr", payload: Buffer.of() },
    { type: "exit", success: true },
  ];
  for (const message of answers) guest.send(message);
  await expect(ended).resolves.toEqual({ success: true });
  expect(received).toEqual(answers);
  expect(await guest.closed).toBe(1000);
  expect(service.events.map(({ type }) => type)).toEqual([
    "action-requested",
    "action-taken",
    "action-answered",
    "action-ended",
  ]);
  expect(service.events[0]).toMatchObject({ purpose: "put-file" });
  // Too late, and no harm.
  send({ type: "size", columns: 1, rows: 1 });
});

test.each([
  ["newer", [5, 0], true],
  ["newer", [5, 1], false],
  ["older", [3, 0], true],
  ["older", [3, 1], false],
] as const)("a %s guest's exit %j means success: %j", async (_which, message, success) => {
  const { guest, ended } = await openTestShell(await startTestService());
  guest.socket.send(Uint8Array.from(message));
  await expect(ended).resolves.toEqual({ success });
});

test("a shell whose command kills the guest tools is a success when their end cuts it off, and not before", async () => {
  const { guest, ended } = await openTestShell(await startTestService(), { isCutAtEnd: true });
  guest.socket.terminate();
  await expect(ended).resolves.toEqual({ success: true });
  const failed = await openTestShell(await startTestService(), { isCutAtEnd: true });
  failed.guest.send({ type: "exit", success: false });
  await expect(failed.ended).resolves.toEqual({ success: false });
});

test("5 MB of output arrive in order under flow control, of several shells at once", async () => {
  const service = await startTestService();
  const run = async () => {
    const { guest, received, ended } = await openTestShell(service, { acknowledge: true });
    const output = randomBytes(5e6);
    const acknowledged = () =>
      guest.messages.reduce((sum, message) => sum + (message.type === "ack" ? message.bytes : 0), 0);
    for (let sent = 0; sent < output.length; sent += 16 * 1024) {
      const payload = output.subarray(sent, sent + 16 * 1024);
      await until(() => sent + payload.length - acknowledged() <= 64 * 1024);
      guest.send({ type: "data", stream: "stdout", payload });
    }
    guest.send({ type: "exit", success: true });
    await ended;
    const payloads = received.map((message) => (message.type === "data" ? message.payload : Buffer.of()));
    expect(Buffer.concat(payloads).equals(output)).toBe(true);
  };
  await Promise.all([run(), run(), run()]);
});

test("text and empty messages, and those of no known type, are ignored", async () => {
  const { guest, received, ended } = await openTestShell(await startTestService());
  for (const message of ["text", "", Uint8Array.of(), Uint8Array.of(250, 1)]) guest.socket.send(message);
  guest.send({ type: "exit", success: true });
  await ended;
  expect(received).toEqual([{ type: "exit", success: true }]);
});

test.each([
  ["data on stdin", Uint8Array.of(0, 0, 1), 1002, "data for stdin from the guest"],
  ["a message that is cut", Uint8Array.of(5), 1002, "must have 2 bytes"],
  ["a message of more than 20 KiB", new Uint8Array(20 * 1024 + 1), 1009, "Max payload size"],
])("%s ends that shell, and nothing else", async (_what, message, code, reason) => {
  const service = await startTestService();
  const [bad, good] = [await openTestShell(service, { command: ["sh"] }), await openTestShell(service)];
  bad.guest.socket.send(message);
  await expect(bad.ended).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringMatching(`^the shell sh .*${reason}`),
    advice: expect.any(String),
  });
  expect(await bad.guest.closed).toBe(code);
  expect(bad.received).toEqual([]);
  good.guest.send({ type: "exit", success: true });
  await expect(good.ended).resolves.toEqual({ success: true });
});

test("more output than the window holds ends the shell", async () => {
  const { guest, received, ended } = await openTestShell(await startTestService());
  for (let block = 0; block < 5; block++)
    guest.send({ type: "data", stream: "stdout", payload: Buffer.alloc(16 * 1024) });
  await expect(ended).rejects.toMatchObject({ message: expect.stringContaining("don't fit in the window") });
  expect(await guest.closed).toBe(1002);
  expect(received).toHaveLength(4);
});

test("nonsense to the guest is refused, and the shell goes on", async () => {
  const { guest, ended, send } = await openTestShell(await startTestService());
  const nonsense: ShellMessage = { type: "exit", success: true };
  expect(() => send(nonsense)).toThrow(expect.objectContaining({ code: "guest-action-failed" }));
  guest.send({ type: "exit", success: false });
  await expect(ended).resolves.toEqual({ success: false });
  expect(guest.messages).toEqual([]);
});

test.each([
  ["dies", (socket: { terminate(): void }) => socket.terminate()],
  ["closes before the exit", (socket: { close(code: number): void }) => socket.close(1000)],
])("a guest that %s costs that shell", async (_what, end) => {
  const service = await startTestService();
  const { guest, ended } = await openTestShell(service);
  end(guest.socket);
  await expect(ended).rejects.toMatchObject({
    code: "guest-action-failed",
    message: "the shell was cut off: its connection broke before it had ended",
  });
  const { guest: other, ended: otherEnded } = await openTestShell(service);
  other.send({ type: "exit", success: true });
  await expect(otherEnded).resolves.toEqual({ success: true });
});

const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

test.each([
  ["has another method", (id: string) => `POST /engine/v1/reply?id=${id} HTTP/1.1\r\n\r\n`, 405],
  ["does not ask for a WebSocket", (id: string) => `GET /engine/v1/reply?id=${id} HTTP/1.1\r\n\r\n`, 400],
  [
    "has no key in its handshake",
    (id: string) => `GET /engine/v1/reply?id=${id} HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`,
    400,
  ],
  [
    "asks for a WebSocket by another method",
    (id: string) => `POST /engine/v1/reply?id=${id} HTTP/1.1\r\n${upgrade}\r\n`,
    405,
  ],
])("a reply that %s fails the shell, which is tried once", async (_what, request, status) => {
  const service = await startTestService();
  const opened = service.service.actions.openShell({ command: [], tty: true }, { receive: () => {} });
  const failed = expect(opened).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringContaining("the shell failed after 1 try: "),
  });
  const { id } = await poll(service);
  const refused = await sendRaw(service, request(id));
  expect(refused).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(errorCodeIn(refused)).toBe(status === 405 ? "MethodNotAllowed" : "InvalidPayload");
  await failed;
  expect(errorCodeIn((await reply(service, id)).body)).toBe("UnknownActionId");
});

test.each([
  ["reply?id=A", 400, "UnknownActionId"],
  ["ping", 400, "InvalidPayload"],
  ["log", 400, "InvalidPayload"],
  ["nothing-here", 404, "NoSuchEndPoint"],
])("there is no WebSocket at %s", async (path, status, code) => {
  const refused = await sendRaw(
    await startTestService(),
    `GET /engine/v1/${path} HTTP/1.1\r\n${upgrade}\r\nbytes behind it`,
  );
  expect(refused).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(errorCodeIn(refused)).toBe(code);
});
