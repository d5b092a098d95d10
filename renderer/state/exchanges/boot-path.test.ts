import { expect, test } from "vitest";
import type { SessionEvent, SessionHappening } from "../../../shared/session/session-event.ts";
import { bootParts, noBoot, reduceBoot } from "./boot-path.ts";

const pathOf = (...events: readonly SessionHappening[]) =>
  bootParts(
    events.map((event, index): SessionEvent => ({ ...event, seq: index + 1 })).reduce(reduceBoot, noBoot),
  ).map(({ name, from, to }) => [name, from, to]);

const start: SessionHappening = { type: "qemu-started", time: 1, command: ["qemu"] };
const running: SessionHappening = { type: "vm-changed", time: 2, change: "running" };
const stage = (name: "loader" | "kernel" | "userland", time: number): SessionHappening => ({
  type: "boot-stage",
  stage: name,
  line: "",
  time,
});
const tools: SessionHappening = { type: "guest-tools-started", time: 90 };
const execute: readonly SessionHappening[] = [
  {
    type: "exchange-started",
    exchange: 5,
    time: 91,
    method: "GET",
    target: "/engine/v1/execute",
    headers: [],
  },
  {
    type: "exchange-ended",
    exchange: 5,
    time: 93,
    outcome: "complete",
    request: { bytes: 0, beginning: "" },
    reply: { bytes: 0, beginning: "" },
  },
];

test("each part of a boot has its name and time, when the console tells of all", () => {
  expect(
    pathOf(
      start,
      running,
      stage("loader", 10),
      stage("kernel", 20),
      stage("userland", 50),
      tools,
      ...execute,
    ),
  ).toEqual([
    ["firmware", 2, 10],
    ["loader", 10, 20],
    ["kernel", 20, 50],
    ["userland", 50, 90],
    ["guest tools", 90, 93],
  ]);
});

test("a part has the colour of its first stage", () => {
  const boot = [start, running, stage("kernel", 20), tools]
    .map((event, index): SessionEvent => ({ ...event, seq: index + 1 }))
    .reduce(reduceBoot, noBoot);
  expect(bootParts(boot).map(({ name, stage }) => [name, stage])).toEqual([
    ["firmware and loader", "firmware"],
    ["kernel and userland", "kernel"],
  ]);
});

test("parts between which nothing is known are one", () => {
  expect(pathOf(start, running, stage("userland", 50), tools)).toEqual([
    ["firmware, loader and kernel", 2, 50],
    ["userland", 50, 90],
  ]);
  expect(pathOf(start, running, tools)).toEqual([["firmware, loader, kernel and userland", 2, 90]]);
  expect(pathOf(start, running, stage("loader", 10))).toEqual([["firmware", 2, 10]]);
  expect(pathOf(start)).toEqual([]);
  // A service without a VM.
  expect(pathOf(tools, ...execute)).toEqual([]);
});

test("after a reset the boot begins anew, and after a pause it does not", () => {
  const pause: SessionHappening = { type: "vm-changed", time: 30, change: "paused" };
  expect(pathOf(start, running, stage("kernel", 20), pause, { ...running, time: 40 }, tools)).toEqual([
    ["firmware and loader", 2, 20],
    ["kernel and userland", 20, 90],
  ]);
  const reset: SessionHappening = { type: "vm-changed", time: 60, change: "reset" };
  expect(pathOf(start, running, stage("kernel", 20), reset, stage("kernel", 70), tools)).toEqual([
    ["firmware and loader", 60, 70],
    ["kernel and userland", 70, 90],
  ]);
});

test("a restored state is no boot", () => {
  expect(
    pathOf({ ...start, command: ["qemu", "-incoming", "defer"] } as SessionHappening, running, tools),
  ).toEqual([["restored state", 2, 90]]);
  // The QEMU of a kept checkpoint has no other options.
  const restored: SessionHappening = { type: "state-restored", time: 0, saved: 0, checkpoint: "a try" };
  expect(pathOf(restored, start, running, tools)).toEqual([["restored state", 2, 90]]);
  expect(pathOf(restored, start, start, running, tools)).toEqual([
    ["firmware, loader, kernel and userland", 2, 90],
  ]);
});
