import { expect, test } from "vitest";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { timingsOf } from "./timings.ts";

const base = 1_000_000;
const at = (time: number, event: object) => ({ time: base + time, ...event }) as SessionEvent;
const table = (events: readonly SessionEvent[]) =>
  timingsOf(events).map(
    ({ name, start, milliseconds, isInner }) => `${isInner ? "- " : ""}${name} ${start}+${milliseconds}`,
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
  ).toEqual(["Guest tools 10+390", "- QEMU, until the guest continues 60+350", "Restore 400+300"]);
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
    "QEMU and firmware 100+200",
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
    "Prepare the disk 0+300",
    "QEMU, until the guest continues 100+200",
    "Restored guest 300+500",
    "Task 800+100",
  ]);
});
