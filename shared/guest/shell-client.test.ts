import { expect, test } from "vitest";
import { protocolLimits } from "../limits.ts";
import { createShellClient } from "./shell-client.ts";
import { decodeShellMessage, encodeShellMessage, type ShellMessage } from "./shell-codec.ts";

/** A client, and the guest's side of it, which does only what the test lets it do. */
function startShell() {
  const sent: (ShellMessage | undefined)[] = [];
  const output: { stream: string; bytes: Uint8Array; consumed: () => void }[] = [];
  const client = createShellClient({
    send: (message) => sent.push(decodeShellMessage(message)),
    onOutput: (stream, bytes, consumed) => output.push({ stream, bytes, consumed }),
  });
  const receive = (message: ShellMessage) => client.receive(encodeShellMessage(message));
  const input = () => sent.filter((message) => message?.type === "data").map(({ payload }) => payload.length);
  return { client, sent, output, receive, input };
}

/** Lets everything run that can run. */
function settle(): Promise<void> {
  return new Promise(setImmediate);
}

const bytes = (text: string) => new TextEncoder().encode(text);

test("input goes out in blocks of 16 KiB until the window is full, and on as the guest takes it", async () => {
  const { client, receive, input } = startShell();
  let isWritten = false;
  const written = client.write(new Uint8Array(100_000)).then(() => {
    isWritten = true;
  });
  await settle();
  expect(input()).toEqual([16384, 16384, 16384, 16384]);
  receive({ type: "ack", stream: "stdin", bytes: 20_000 });
  await settle();
  expect(input().slice(4)).toEqual([16384, 3616]);
  expect(isWritten).toBe(false);
  receive({ type: "ack", stream: "stdin", bytes: 30_000 });
  await written;
  expect(input().reduce((sum, length) => sum + length)).toBe(100_000);
});

test("what is written while earlier input waits follows it, and the end follows both", async () => {
  const { client, sent, receive, input } = startShell();
  const first = client.write(new Uint8Array(protocolLimits.shellWindowBytes + 1));
  const second = client.write(bytes("second"));
  const end = client.end();
  await settle();
  receive({ type: "ack", stream: "stdin", bytes: protocolLimits.shellWindowBytes });
  await Promise.all([first, second, end]);
  expect(input().slice(4)).toEqual([1, 6, 0]);
  expect(sent.at(-1)).toMatchObject({ type: "data", stream: "stdin", payload: new Uint8Array() });
});

test("output is acknowledged when it was consumed, not before", () => {
  const { sent, output, receive } = startShell();
  receive({ type: "data", stream: "stdout", payload: bytes("out") });
  receive({ type: "data", stream: "stderr", payload: bytes("error") });
  expect(output.map(({ stream, bytes }) => [stream, new TextDecoder().decode(bytes)])).toEqual([
    ["stdout", "out"],
    ["stderr", "error"],
  ]);
  expect(sent).toEqual([]);
  output[1]?.consumed();
  output[0]?.consumed();
  expect(sent).toEqual([
    { type: "ack", stream: "stderr", bytes: 5 },
    { type: "ack", stream: "stdout", bytes: 3 },
  ]);
});

test("the end of an output stream is no output", () => {
  const { output, receive } = startShell();
  receive({ type: "data", stream: "stdout", payload: new Uint8Array() });
  expect(output).toEqual([]);
});

test.each([true, false])(
  "the guest's word on success, %s, ends it; nothing is sent after that",
  async (success) => {
    const { client, sent, output, receive } = startShell();
    receive({ type: "data", stream: "stdout", payload: bytes("last") });
    receive({ type: "exit", success });
    expect(await client.ended).toEqual({ success });
    output[0]?.consumed();
    await client.write(bytes("too late"));
    await client.end();
    client.resize(80, 24);
    client.abort();
    client.disconnected(new Error("too late as well"));
    expect(await client.ended).toEqual({ success });
    expect(sent).toEqual([]);
  },
);

test("an older guest's form of the end is understood", async () => {
  const { client } = startShell();
  client.receive(Uint8Array.of(3, 0));
  expect(await client.ended).toEqual({ success: true });
});

test("input that waits for the guest is given up when the shell ends, and when its connection is gone", async () => {
  for (const end of ["exit", "disconnect"]) {
    const { client, receive } = startShell();
    const written = client.write(new Uint8Array(protocolLimits.shellWindowBytes + 1));
    await settle();
    if (end === "exit") receive({ type: "exit", success: true });
    else client.disconnected(new Error("gone"));
    await written;
  }
});

test("a connection that is gone is the shell's end", async () => {
  const { client } = startShell();
  const reason = new Error("gone");
  client.disconnected(reason);
  await expect(client.ended).rejects.toBe(reason);
});

test("the terminal's size and the wish to end it are sent", () => {
  const { client, sent } = startShell();
  client.resize(132, 43);
  client.abort();
  expect(sent).toEqual([{ type: "size", columns: 132, rows: 43 }, { type: "abort" }]);
});

test.each<[string, Uint8Array]>([
  ["a malformed message", Uint8Array.of(0)],
  [
    "data of a stream that is not the guest's",
    encodeShellMessage({ type: "data", stream: "stdin", payload: bytes("x") }),
  ],
  [
    "an acknowledgement of what was never sent",
    encodeShellMessage({ type: "ack", stream: "stdin", bytes: 1 }),
  ],
  ["an acknowledgement of its own output", encodeShellMessage({ type: "ack", stream: "stdout", bytes: 0 })],
  ["a message that only the host sends", encodeShellMessage({ type: "abort" })],
])("%s ends the shell as the guest's failure", async (_what, message) => {
  const { client } = startShell();
  client.receive(message);
  await expect(client.ended).rejects.toMatchObject({ code: "guest-action-failed" });
});

test("output past the window is refused", async () => {
  const { client, output, receive } = startShell();
  for (let sent = 0; sent < protocolLimits.shellWindowBytes; sent += 16384)
    receive({ type: "data", stream: "stdout", payload: new Uint8Array(16384) });
  receive({ type: "data", stream: "stdout", payload: new Uint8Array(1) });
  await expect(client.ended).rejects.toMatchObject({ code: "guest-action-failed" });
  expect(output).toHaveLength(4);
});

test("messages of unknown types, and empty ones, are ignored", () => {
  const { client, output, receive } = startShell();
  client.receive(Uint8Array.of(99, 1, 2));
  client.receive(new Uint8Array());
  receive({ type: "data", stream: "stdout", payload: bytes("still here") });
  expect(output).toHaveLength(1);
});
