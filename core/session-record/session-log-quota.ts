import type { SessionEvent } from "../../shared/session/session-event.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { diskReserve } from "../files/free-space.ts";
import { logQuota } from "../files/logs/log-tail.ts";

/** The largest size of a session's log from events that a guest causes at will, in bytes. */
export interface GuestQuota {
  /** The log's size from which on exchanges are left out. */
  readonly exchanges: number;
  /** The log's size from which on lines of the guest's log are left out. */
  readonly guestLog: number;
  /** With less space than this left on the disk, both are. */
  readonly freeSpace: number;
}

export const defaultQuota: GuestQuota = {
  // About 300,000 exchanges: a busy guest makes a few 100, and a quarter of all that is kept of ended sessions.
  exchanges: 256 * 1024 ** 2,
  // A guest that used up its exchanges can still be heard. Its log has a file of its own, too.
  guestLog: 320 * 1024 ** 2,
  freeSpace: diskReserve,
};

/**
 * The quotas of logs with the output of a guest or QEMU: see `LogFile`. With its events and the bodies of its
 * exchanges, a session that has reached all limits stays below 1 GiB.
 */
export const logQuotas = {
  /** The output of a task in some minutes at full speed, and far more than a person reads. */
  task: logQuota(256 * 1024 ** 2),
  /** A guest that never stops printing on its console has done so for minutes by then. */
  serial: logQuota(128 * 1024 ** 2),
  /** QEMU prints a few lines; a device that a guest confuses may make it print without end. */
  qemu: logQuota(16 * 1024 ** 2),
} as const;

/** The disk is looked at again when the log has grown by this many bytes. */
const lookInterval = 1024 ** 2;

export interface Admission {
  readonly isAdmitted: boolean;
  /** To be written in place of the first event of its kind that is left out. */
  readonly note?: string;
}

/** Decides which events are written; once one is left out, later ones of its kind are too, so that there are no gaps. */
export function createGuestQuota(
  quota: GuestQuota,
  freeBytes: () => number,
): (type: SessionEvent["type"], logBytes: number) => Admission {
  const closed = new Set<keyof typeof described>();
  let nextLook = 0;
  let isDiskLow = false;

  const problem = (limit: number, logBytes: number): string | undefined => {
    if (logBytes >= limit) return `it has grown to ${formatBytes(logBytes)}`;
    if (logBytes >= nextLook) {
      nextLook = logBytes + lookInterval;
      isDiskLow ||= freeBytes() < quota.freeSpace;
    }
    return isDiskLow ? `less than ${formatBytes(quota.freeSpace)} of its disk are free` : undefined;
  };

  return (type, logBytes) => {
    const kind = isOfExchange(type) ? "exchanges" : type === "guest-log" ? "guestLog" : undefined;
    if (kind === undefined) return { isAdmitted: true };
    if (closed.has(kind)) return { isAdmitted: false };
    const reason = problem(quota[kind], logBytes);
    if (reason === undefined) return { isAdmitted: true };
    closed.add(kind);
    return {
      isAdmitted: false,
      note: `From here on this session's record leaves out ${described[kind]}: ${reason}.`,
    };
  };
}

/** A rule that always applies has an event for each message of the guest's. */
function isOfExchange(type: SessionEvent["type"]): boolean {
  return (
    type.startsWith("exchange-") ||
    type === "finding" ||
    type === "rule-hit" ||
    type === "message-edited" ||
    type === "rule-step-skipped"
  );
}

const described = {
  exchanges: "the guest's requests and their replies",
  guestLog: "the lines of the guest's log, which has a file of its own",
} as const;
