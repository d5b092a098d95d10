import { expect, test } from "vitest";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { encodeShellMessage, type ShellMessage } from "../../../shared/guest/shell-codec.ts";
import { savedShell } from "./saved-shell.ts";

function bodyOf(...messages: readonly ShellMessage[]): ExchangeBody {
  const bytes = messages.map(encodeShellMessage);
  const whole = Buffer.concat(bytes);
  const beginning = whole.toString("base64");
  return { bytes: whole.length, beginning, messages: bytes.map(({ length }) => length) };
}
const input = (payload: Uint8Array | string): ShellMessage => ({
  ...{ type: "data", stream: "stdin" },
  payload: Buffer.from(payload),
});
const exit = (success: boolean) => bodyOf({ type: "exit", success });

test("the input is joined from its messages, whatever comes between them; the end of a failed shell is expected", () => {
  const ack: ShellMessage = { type: "ack", stream: "stdout", bytes: 1 };
  // Its bytes look like an acknowledgement.
  const odd = "\u0001\u0001\u0000\u0000\u0000\u0001";
  const reply = bodyOf({ type: "size", columns: 80, rows: 24 }, input(odd), ack, input("b"), input(""));
  expect(savedShell({ request: exit(true), reply }, "")).toEqual({ action: { stdin: `${odd}b` } });
  expect(savedShell({ request: exit(false), reply: bodyOf() }, "")).toEqual({
    action: { expect: { result: "failed" } },
  });
});

test("input that is not text, or of which a part was not kept, is left out, with the reason", () => {
  const request = exit(true);
  const binary = bodyOf(input(Uint8Array.of(0xff)));
  expect(savedShell({ request, reply: binary }, "").leftOut).toBe("it is not text");
  const text = bodyOf(input("text"));
  const partly = "the session has kept only a part of it";
  expect(savedShell({ request, reply: { ...text, bytes: 5000 } }, "").leftOut).toBe(partly);
  expect(savedShell({ request, reply: { ...text, messages: undefined } }, "").leftOut).toBe(partly);
  expect(savedShell({ request, reply: { ...text, file: "no-such-file" } }, "/nowhere").leftOut).toBe(partly);
});
