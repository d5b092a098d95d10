import { expect, test } from "vitest";
import { encodeShellMessage, type ShellMessage } from "../../../shared/guest/shell-codec.ts";
import { createShellTraffic } from "./shell-traffic.ts";

const data = (stream: "stdin" | "stdout" | "stderr", length: number): ShellMessage => ({
  type: "data",
  stream,
  payload: new Uint8Array(length),
});
const ack = (stream: "stdin" | "stdout" | "stderr", bytes: number): ShellMessage => ({
  type: "ack",
  stream,
  bytes,
});
const KiB = 1024;

type Turn = readonly [from: "guest" | "host", ShellMessage];

/** Passes messages of both ends on. */
function play(...messages: readonly Turn[]): void {
  const traffic = createShellTraffic();
  for (const [from, message] of messages) {
    const bytes = encodeShellMessage(message);
    if (from === "guest") traffic.fromGuest(bytes);
    else traffic.toGuest(bytes);
  }
}

test("a shell's whole conversation passes", () => {
  expect(() =>
    play(
      ["host", { type: "size", columns: 80, rows: 24 }],
      ["host", data("stdin", 16 * KiB)],
      ["guest", ack("stdin", 16 * KiB)],
      ["host", data("stdin", 0)],
      ["guest", data("stdout", 20 * KiB - 2)],
      ["guest", data("stderr", 1)],
      ["host", ack("stdout", 20 * KiB - 2)],
      ["guest", data("stdout", 0)],
      ["guest", data("stderr", 0)],
      ["host", ack("stderr", 1)],
      ["host", { type: "abort" }],
      ["guest", { type: "exit", success: true }],
    ),
  ).not.toThrow();
});

test("64 KiB may be on the way in each stream, and again when they were acknowledged", () => {
  const full = (from: "guest" | "host", stream: "stdin" | "stdout" | "stderr") =>
    Array.from({ length: 4 }, () => [from, data(stream, 16 * KiB)] as const);
  for (const [from, other, stream] of [
    ["guest", "host", "stdout"],
    ["guest", "host", "stderr"],
    ["host", "guest", "stdin"],
  ] as const) {
    expect(() => play(...full(from, stream), [from, data(stream, 0)])).not.toThrow();
    expect(() => play(...full(from, stream), [from, data(stream, 1)])).toThrow("don't fit in the window");
    const acknowledged = [other, ack(stream, 64 * KiB)] as const;
    expect(() => play(...full(from, stream), acknowledged, ...full(from, stream))).not.toThrow();
  }
});

const fromGuest: Record<string, readonly Turn[]> = {
  "data on stdin": [["guest", data("stdin", 1)]],
  "the end of stdin": [["guest", data("stdin", 0)]],
  "data after a stream's end": [
    ["guest", data("stdout", 0)],
    ["guest", data("stdout", 1)],
  ],
  "a stream's end twice": [
    ["guest", data("stderr", 0)],
    ["guest", data("stderr", 0)],
  ],
  "an acknowledgement of what was not sent": [
    ["host", data("stdin", 5)],
    ["guest", ack("stdin", 6)],
  ],
  "an acknowledgement of its own output": [["guest", ack("stdout", 1)]],
  "a size": [["guest", { type: "size", columns: 80, rows: 24 }]],
  "an abort": [["guest", { type: "abort" }]],
};

test.each(Object.entries(fromGuest))("from the guest, %s is refused", (_what, messages) => {
  expect(() => play(...messages)).toThrow();
});

const toGuest: Record<string, readonly Turn[]> = {
  "data on stdout": [["host", data("stdout", 1)]],
  "a block of more than 16 KiB": [["host", data("stdin", 16 * KiB + 1)]],
  "data after the end": [
    ["host", data("stdin", 0)],
    ["host", data("stdin", 1)],
  ],
  "an acknowledgement of what never came": [
    ["guest", data("stdout", 5)],
    ["host", ack("stdout", 6)],
  ],
  "an acknowledgement of stdin": [
    ["host", data("stdin", 1)],
    ["host", ack("stdin", 1)],
  ],
  "an exit": [["host", { type: "exit", success: true }]],
};

test.each(Object.entries(toGuest))("to the guest, %s is refused", (_what, messages) => {
  expect(() => play(...messages)).toThrow();
});

test("what means nothing is ignored from the guest, and refused to it", () => {
  const traffic = createShellTraffic();
  for (const bytes of [[], [2], [250, 1, 2], [1, 0, 0, 0, 0, 0]])
    expect(traffic.fromGuest(Uint8Array.from(bytes))).toBeUndefined();
  expect(() => traffic.toGuest(Uint8Array.of())).toThrow();
  expect(() => traffic.toGuest(Uint8Array.of(250))).toThrow();
});
