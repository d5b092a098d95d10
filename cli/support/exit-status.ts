import { type AppError, assertNever } from "../../shared/errors/errors.ts";

/** The exit statuses of `tinsmith`. The numbers are part of the interface: scripts and CI read them. */
export const exitStatus = {
  success: 0,
  /** The task failed, or a build did, or the guest could not do what it was asked. */
  failed: 1,
  /** The arguments, or a file that they name, are not right. */
  usage: 2,
  /** The guest powered off without a result, fell silent, or did not answer. */
  guestToolsLost: 3,
  /** A time limit was reached. */
  timedOut: 4,
  /** Something on this host: a missing program, no space, QEMU died. */
  host: 5,
  /** With `--exit-status`, in place of 2 to 5: the status is not the task's own. */
  notTheTask: 125,
  /** Ended by SIGINT (as a shell says it: 128 and the signal's number); by SIGTERM it is 143. */
  interrupted: 130,
  /** Nobody reads its output any more, as with a pipe to `head`: 128 and the number of SIGPIPE. */
  outputClosed: 141,
  terminated: 143,
} as const;

/** The exit status that an error leads to. */
export function exitStatusOf(error: AppError): number {
  switch (error.code) {
    case "build-failed":
    case "guest-file-missing":
    case "guest-action-failed":
      return exitStatus.failed;
    case "usage":
    case "invalid-machine":
    case "invalid-recipe":
    case "invalid-rules":
    case "invalid-scenario":
    case "invalid-archive":
    case "damaged-file-system":
    case "missing-file":
    case "file-exists":
    case "file-changed":
    case "newer-version":
    case "other-version":
    case "not-trusted":
    case "secrets-missing":
    case "not-confirmed":
    case "no-session":
    case "path-too-long":
      return exitStatus.usage;
    case "guest-tools-lost":
    case "guest-no-answer":
      return exitStatus.guestToolsLost;
    case "timed-out":
      return exitStatus.timedOut;
    case "interrupted":
      return exitStatus.interrupted;
    case "missing-tool":
    case "no-space":
    case "no-memory":
    case "no-permission":
    case "command-failed":
    case "qemu-failed":
    case "busy":
    case "internal":
      return exitStatus.host;
    default:
      return assertNever(error.code);
  }
}
