import { expect, test } from "vitest";
import { endedEarly, KvmFailure, type VirtualMachineEnd } from "./vm-end.ts";

const lastLines = ["its last words"];
const killed = { status: null, signal: "SIGKILL" } as const;
const disk = { reason: "disk-error", operation: "write", lastLines } as const;

function error(end: VirtualMachineEnd) {
  return endedEarly(end, { unfinished: "before it was done", guestCode: "guest-tools-lost" });
}

test.each<[VirtualMachineEnd, string, string, RegExp]>([
  [{ reason: "powered-off" }, "guest-tools-lost", "the guest powered off before it was done", /guest's last/],
  [
    { reason: "stopped", by: "powerdown" },
    "interrupted",
    "the virtual machine was stopped after the guest was asked to shut down, before it was done",
    /again/,
  ],
  [
    { reason: "stopped", by: "quit" },
    "interrupted",
    "the virtual machine was stopped by telling QEMU to quit, before it was done",
    /again/,
  ],
  [
    { reason: "stopped", by: "kill" },
    "interrupted",
    "the virtual machine was stopped by killing QEMU, which did not quit, before it was done",
    /again/,
  ],
  [{ reason: "died", exit: killed, lastLines }, "qemu-failed", "QEMU was ended by SIGKILL", /memory/],
  [
    { reason: "died", exit: { status: null, signal: "SIGSYS" }, lastLines },
    "qemu-failed",
    "QEMU was ended by SIGSYS",
    /sandbox forbids/,
  ],
  [
    { reason: "died", exit: { status: 1, signal: null }, lastLines },
    "qemu-failed",
    "QEMU ended with exit status 1",
    /last lines of QEMU/,
  ],
  [
    { reason: "died", exit: { status: 0, signal: null }, shutdown: "host-signal", lastLines },
    "qemu-failed",
    "QEMU was ended by a signal from outside",
    /names the process/,
  ],
  [
    { ...disk, problem: "Input/output error" },
    "qemu-failed",
    "QEMU could not write the guest's disk: Input/output error",
    /host's disk/,
  ],
  [
    { ...disk, problem: "No space left on device", waitedSeconds: 300 },
    "no-space",
    "QEMU could not write the guest's disk: No space left on device; in 300 s no space became free on the host",
    /Free some space/,
  ],
  [
    { reason: "internal-error", kvm: false, lastLines },
    "qemu-failed",
    "QEMU paused the guest with an internal error of its emulation",
    /doctor/,
  ],
  [
    { reason: "reboot-loop", resets: 6, seconds: 9, lastLines },
    "guest-tools-lost",
    "the guest is rebooting in a loop: 6 resets in 9 s without a sign of life",
    /last screen/,
  ],
])("the end %j has the code %s and says what happened and what to do", (end, code, message, advice) => {
  const { details, ...said } = error(end).toJSON();
  expect(said).toEqual({ code, message, advice: expect.stringMatching(advice) });
  const printed = "lastLines" in end ? ["Last lines of QEMU:", "  its last words"] : [];
  expect(details).toEqual(printed);
});

test("only an internal error of KVM is worth another try under emulation", () => {
  expect(error({ reason: "internal-error", kvm: true, lastLines })).toBeInstanceOf(KvmFailure);
  expect(error({ reason: "internal-error", kvm: false, lastLines })).not.toBeInstanceOf(KvmFailure);
});
