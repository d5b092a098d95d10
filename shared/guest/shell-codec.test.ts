import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeShellMessage, encodeShellMessage, type ShellMessage } from "./shell-codec.ts";

interface Fixture {
  readonly name: string;
  readonly bytes: string;
  /** Readers take it, writers don't make it. */
  readonly lenient?: boolean;
  readonly message?: object | null;
  readonly error?: boolean;
}

/** Also read by the guest tools' own tests, so that both sides mean the same. */
const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL("../../tests/fixtures/guest-protocol/shell.json", import.meta.url), "utf8"),
);
const refused = fixtures.filter(({ error }) => error);
const read = fixtures.filter(({ error }) => !error);
const written = read.filter(({ lenient, message }) => !lenient && message !== null);

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

function messageOf(fixture: Fixture): ShellMessage | undefined {
  const message: { payload?: unknown } | undefined = fixture.message ?? undefined;
  if (message && typeof message.payload === "string") message.payload = bytesOf(message.payload);
  return message as ShellMessage | undefined;
}

test.each(read)("is read as the guest tools read it: $name", (fixture) => {
  expect(decodeShellMessage(bytesOf(fixture.bytes))).toEqual(messageOf(fixture));
});

test.each(written)("is written as the guest tools write it: $name", (fixture) => {
  expect(encodeShellMessage(messageOf(fixture) as ShellMessage)).toEqual(bytesOf(fixture.bytes));
});

test.each(refused)("$name", ({ bytes }) => {
  expect(() => decodeShellMessage(bytesOf(bytes))).toThrow("message of type");
});

test("a message in the middle of a larger buffer is read from its own bytes", () => {
  const buffer = bytesOf("ff 01 01 00 00 00 07 ff");
  expect(decodeShellMessage(buffer.subarray(1, 7))).toEqual({ type: "ack", stream: "stdout", bytes: 7 });
});
