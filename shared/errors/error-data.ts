/** Stable names of errors: the person who scripts Tinsmith matches on these, never on messages. */
export const errorCodes = [
  "usage",
  "invalid-machine",
  "invalid-recipe",
  "invalid-rules",
  "invalid-scenario",
  "invalid-archive",
  "damaged-file-system",
  "missing-file",
  "file-exists",
  "file-changed",
  "newer-version",
  "other-version",
  "not-trusted",
  "secrets-missing",
  "not-confirmed",
  "missing-tool",
  "no-space",
  "no-memory",
  "no-permission",
  "path-too-long",
  "command-failed",
  "qemu-failed",
  "guest-tools-lost",
  "guest-no-answer",
  "guest-file-missing",
  "guest-action-failed",
  "no-session",
  "build-failed",
  "timed-out",
  "busy",
  "interrupted",
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** The form in which an error crosses a process border or lands in a log. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** The event, with the file or virtual machine that it happened to. */
  readonly message: string;
  /** The action that the person can take. */
  readonly advice?: string | undefined;
  /** Evidence worth showing below the message: last lines of stderr, a list of issues. */
  readonly details?: readonly string[] | undefined;
  /** The part of the request that is wrong, by its name in the call, such as "retention.sessions". */
  readonly field?: string | undefined;
}

/** Whether the work did not fail, but was cancelled or stopped: by a person, or with the program that did it. */
export function isCancellation({ code }: Pick<ErrorData, "code">): boolean {
  return code === "interrupted";
}
