import type { ErrorData } from "./errors.ts";

/** What a full disk means to a person, whoever met it. */
export const fullDisk = { code: "no-space", advice: "Make room on that disk, then try again." } as const;
const forbidden = {
  code: "no-permission",
  advice: "Choose another place, or change its permissions.",
} as const;

/** Refusals of the system, by their names, that are no fault of ours and that a person can do something about. */
const explained: Readonly<Record<string, Pick<ErrorData, "code" | "advice">>> = {
  ENOSPC: fullDisk,
  EDQUOT: { code: "no-space", advice: "Make room in your quota, then try again." },
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { code: "no-permission", advice: "Choose another place: that one is read-only." },
};

/** The name that the system has for an error, such as `ENOSPC`; empty for any other error. */
export function systemErrorName(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
}

/** What an error of the system means to a person, where it is not for us to mend. */
export function explainSystemError(thrown: unknown): Pick<ErrorData, "code" | "advice"> | undefined {
  return explained[systemErrorName(thrown)];
}
