import type { ErrorCode } from "../../../shared/errors/error-data.ts";
import { AppError, assertNever } from "../../../shared/errors/errors.ts";
import { qemuEvidence } from "../../session-record/last-output.ts";
import { describeExit, type Exit } from "./qemu-process.ts";

/** The means by which a virtual machine was ended, mildest first. */
export type StopRung = "powerdown" | "quit" | "kill";

/** A failure that makes a virtual machine useless while its QEMU still runs. */
export type Trouble =
  | {
      readonly reason: "disk-error";
      readonly operation: string;
      /** In QEMU's words. */
      readonly problem: string;
      /** For how long it was waited for space, where a lack of space was the problem. */
      readonly waitedSeconds?: number;
    }
  | {
      readonly reason: "internal-error";
      /** Whether it ran on KVM. */
      readonly kvm: boolean;
    }
  | { readonly reason: "reboot-loop"; readonly resets: number; readonly seconds: number };

/** The reason why a virtual machine has ended. */
export type VirtualMachineEnd =
  | { readonly reason: "powered-off" }
  | { readonly reason: "stopped"; readonly by: StopRung }
  | ({
      readonly reason: "died";
      readonly exit: Exit;
      /** The reason for which QEMU said that it shuts down, when it did: a ShutdownCause of its QMP reference. */
      readonly shutdown?: string;
    } & LastLines)
  | (Trouble & LastLines);

interface LastLines {
  /** The last lines that QEMU printed. */
  readonly lastLines: readonly string[];
}

/** An end in words. */
interface EndDescription {
  /** The event, as a clause. */
  readonly what: string;
  /** The advice for the person. */
  readonly advice: string;
  /** Absent if the guest is the cause: then the code depends on the guest's work. */
  readonly code?: ErrorCode;
}

const seeGuest = "See the guest's last lines.";
const stopped = {
  powerdown: "after the guest was asked to shut down",
  quit: "by telling QEMU to quit",
  kill: "by killing QEMU, which did not quit",
} as const satisfies Record<StopRung, string>;

/**
 * Explains an early end of a virtual machine, with advice.
 *
 * @param unfinished what had not happened, such as "before it reported a result".
 */
function describeEnd(end: VirtualMachineEnd, unfinished: string): EndDescription {
  switch (end.reason) {
    case "powered-off":
      return { what: `the guest powered off ${unfinished}`, advice: seeGuest };
    case "stopped":
      return {
        what: `the virtual machine was stopped ${stopped[end.by]}, ${unfinished}`,
        advice: "Start it again.",
        code: "interrupted",
      };
    case "died":
      return { ...describeDeath(end.exit, end.shutdown), code: "qemu-failed" };
    case "disk-error":
      return describeDiskError(end);
    case "internal-error":
      return {
        what: `QEMU paused the guest with an internal error of ${end.kvm ? "KVM" : "its emulation"}`,
        advice: "See QEMU's last lines; tinsmith doctor shows what works on this host.",
        code: "qemu-failed",
      };
    case "reboot-loop":
      return {
        what: `the guest is rebooting in a loop: ${end.resets} resets in ${end.seconds} s without a sign of life`,
        advice:
          "See the last lines of its serial console, and its last screen: it restarts before it gets far.",
      };
    default:
      return assertNever(end);
  }
}

function describeDeath(exit: Exit, shutdown: string | undefined): EndDescription {
  if (shutdown === "host-signal")
    return {
      what: "QEMU was ended by a signal from outside",
      advice: "Its last line names the process that sent it.",
    };
  const after = shutdown === undefined ? "" : ` after the shutdown reason ${shutdown}`;
  return { what: `QEMU ${describeExit(exit)}${after}`, advice: adviseOnSignal(exit.signal) };
}

function adviseOnSignal(signal: Exit["signal"]): string {
  if (signal === "SIGKILL")
    return "The system may have killed it for its use of memory (see dmesg). Give the guest less with --memory.";
  if (signal === "SIGSYS")
    return "Its sandbox forbids something that it did (dmesg may name the system call). Report the error if you trust the guest.";
  return "See the last lines of QEMU and of the guest.";
}

function describeDiskError(end: Trouble & { reason: "disk-error" }): EndDescription {
  const what = `QEMU could not ${end.operation} the guest's disk: ${end.problem}`;
  if (end.waitedSeconds === undefined)
    return {
      what,
      advice: "Check the host's disk (dmesg names faults of the hardware), then start again.",
      code: "qemu-failed",
    };
  return {
    what: `${what}; in ${end.waitedSeconds} s no space became free on the host`,
    advice: "Free some space, or set TINSMITH_HOME to a folder on a larger disk, then start again.",
    code: "no-space",
  };
}

/** KVM failed for a guest that it had started. */
export class KvmFailure extends AppError {}

/** The meaning of an early end for the code that needed the guest. */
interface UnfinishedWork {
  /** The work that was not done, such as "before it reported a result". */
  readonly unfinished: string;
  /** The error's code where the guest is to blame. */
  readonly guestCode: ErrorCode;
  /** Added to the advice. */
  readonly advice?: string;
}

/** The error for an end that came too early, with QEMU's last lines; a `KvmFailure` where another try may go well. */
export function endedEarly(end: VirtualMachineEnd, work: UnfinishedWork): AppError {
  const { what, advice, code = work.guestCode } = describeEnd(end, work.unfinished);
  const lines = "lastLines" in end ? end.lastLines : [];
  const error = {
    code,
    message: what,
    advice: work.advice === undefined ? advice : `${advice} ${work.advice}`,
    details: qemuEvidence(lines),
  };
  return end.reason === "internal-error" && end.kvm ? new KvmFailure(error) : new AppError(error);
}
