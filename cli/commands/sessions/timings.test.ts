import { expect, test } from "vitest";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { timingsOf, totalOf } from "./timings.ts";

const base = 1_000_000;
const at = (time: number, event: object) => ({ time: base + time, ...event }) as SessionEvent;
const table = (events: readonly SessionEvent[]) =>
  timingsOf(events).map(
    ({ name, start, milliseconds, isInner, isBeside }) =>
      `${isInner ? "- " : isBeside ? "| " : ""}${name} ${start}+${milliseconds}`,
  );

test("a build has the times of its steps, and those of the parts of its boot", () => {
  expect(
    table([
      at(0, { type: "build-started" }),
      at(10, { type: "step-started", step: "disk" }),
      at(40, { type: "step-finished", step: "disk" }),
      at(50, { type: "step-started", step: "boot" }),
      at(60, { type: "qemu-started", command: ["qemu"] }),
      at(160, { type: "boot-stage", stage: "loader" }),
      at(200, { type: "boot-stage", stage: "kernel" }),
      at(700, { type: "step-finished", step: "boot" }),
      at(700, { type: "step-started", step: "guest" }),
      at(900, { type: "build-failed" }),
    ]),
  ).toEqual([
    "Disk 10+30",
    "Boot 50+650",
    "- QEMU and firmware 60+100",
    "- Loader 160+40",
    "- Kernel 200+500",
    "Guest 700+200",
  ]);
});

test("a restored guest's QEMU has the time until it continues, whatever steps are done beside it", () => {
  expect(
    table([
      at(0, { type: "build-started" }),
      at(10, { type: "step-started", step: "guest-tools" }),
      at(60, { type: "qemu-started", command: ["qemu", "-incoming", "defer"] }),
      at(400, { type: "step-finished", step: "guest-tools" }),
      at(400, { type: "step-started", step: "restore" }),
      at(410, { type: "vm-changed", change: "running" }),
      at(700, { type: "step-finished", step: "restore" }),
    ]),
  ).toEqual(["Guest tools 10+390", "| QEMU, until the guest continues 60+350", "Restore 400+300"]);
});

test("a run has the times of its boot, of its task and of its end", () => {
  expect(
    table([
      at(0, { type: "run-started" }),
      at(100, { type: "qemu-started", command: ["qemu"] }),
      at(300, { type: "boot-stage", stage: "kernel" }),
      at(500, { type: "boot-stage", stage: "userland" }),
      at(800, { type: "guest-tools-started" }),
      at(900, { type: "task-result" }),
      at(950, { type: "run-finished" }),
      at(990, { type: "qemu-ended" }),
    ]),
  ).toEqual([
    "Prepare the disk 0+100",
    "QEMU, firmware and loader 100+200",
    "Kernel 300+200",
    "Userland 500+300",
    "Task 800+100",
    "End 900+50",
  ]);
});

test("a run that continues from a saved state has no boot", () => {
  expect(
    table([
      at(0, { type: "run-started" }),
      at(100, { type: "qemu-started", command: ["qemu", "-incoming", "defer"] }),
      at(300, { type: "vm-changed", change: "running" }),
      at(800, { type: "guest-tools-started" }),
      at(900, { type: "run-failed" }),
    ]),
  ).toEqual([
    "Prepare the disk 0+100",
    "QEMU, until the guest continues 100+200",
    "Restored guest 300+500",
    "Task 800+100",
  ]);
});

test("a run that saves the state first has that as one part, and no part of a boot", () => {
  expect(
    table([
      at(0, { type: "run-started" }),
      at(100, { type: "qemu-started", command: ["qemu"] }),
      at(800, { type: "qemu-ended" }),
      at(850, { type: "state-restored" }),
      at(860, { type: "qemu-started", command: ["qemu", "-incoming", "defer"] }),
      at(900, { type: "vm-changed", change: "running" }),
      at(950, { type: "guest-tools-started" }),
      at(990, { type: "run-failed" }),
    ]),
  ).toEqual([
    "Prepare the disk 0+100",
    "Boot, and save the state 100+750",
    "QEMU, until the guest continues 860+40",
    "Restored guest 900+50",
    "Task 950+40",
  ]);
});

test("a run that goes back after its result has one end", () => {
  const events = [
    at(0, { type: "guest-tools-started" }),
    at(10, { type: "task-result" }),
    at(30, { type: "task-reopened" }),
    at(60, { type: "task-result" }),
    at(65, { type: "run-finished" }),
    at(99, { type: "qemu-ended" }),
  ];
  expect(table(events)).toEqual([
    "Task 0+10",
    "After the result, until the VM went back 10+20",
    "Task, after the VM went back 30+30",
    "End 60+5",
  ]);
  expect(totalOf(events)).toBe(65);
});

test("a part whose end nothing tells has the name of the next one, too", () => {
  expect(
    table([
      at(0, { type: "qemu-started", command: ["qemu"] }),
      at(20, { type: "boot-stage", stage: "kernel" }),
      at(50, { type: "guest-tools-started" }),
      at(70, { type: "run-failed" }),
    ]),
  ).toEqual(["QEMU, firmware and loader 0+20", "Kernel and userland 20+30", "Task 50+20"]);
});
