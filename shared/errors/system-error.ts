import type { ErrorCode, ErrorData } from "./error-data.ts";

/** The explanation of a full disk for people, wherever it was met. */
export const fullDisk = {
  code: "no-space",
  advice: "Free some space on that disk, then try again.",
} as const;

/** The code and advice for a new file whose name another file has. */
export const fileExists = {
  code: "file-exists",
  advice: "Remove it, or choose another name.",
} as const;

/** An explanation of an error of the system: `problem` says in plain words what the system's own message says in codes. */
interface Explanation extends Pick<ErrorData, "code" | "advice"> {
  readonly problem: string;
}

const forbidden = {
  code: "no-permission",
  problem: "this user has no permission for that",
  advice: "Choose another place, or change its permissions.",
} as const;

/**
 * Refusals of the system, by their names, that are not faults of Tinsmith and that a person can do something about.
 */
const explained: Readonly<Record<string, Explanation>> = {
  ENOSPC: { ...fullDisk, problem: "there is not enough space on the disk" },
  EDQUOT: {
    code: "no-space",
    problem: "this user's quota of space is used up",
    advice: "Free some of your quota, then try again.",
  },
  EACCES: forbidden,
  EPERM: forbidden,
  ENOTDIR: {
    code: "missing-file",
    problem: "its path leads through a file",
    advice: "Check the path: one of its folders is a file.",
  },
  ENAMETOOLONG: {
    code: "path-too-long",
    problem: "its name or path is too long",
    advice: "Give a shorter path.",
  },
  EROFS: {
    code: "no-permission",
    problem: "its file system is read-only",
    advice: "Choose another place: that one is read-only.",
  },
  ENOENT: { code: "missing-file", problem: "it does not exist", advice: "Check the path." },
  ELOOP: {
    code: "usage",
    problem: "a symbolic link in its path leads back to itself",
    advice: "Remove the symbolic link that leads back to itself, or give another path.",
  },
  EEXIST: { ...fileExists, problem: "it already exists" },
  EISDIR: {
    code: "usage",
    problem: "it is a folder",
    advice: "Give the path of a file: that one is a folder.",
  },
  EFBIG: {
    code: "no-space",
    problem: "a file would be larger than this user may write",
    advice: "Raise this user's limit for the size of files: ulimit -f shows it.",
  },
  EMFILE: {
    code: "no-memory",
    problem: "this user has too many files open",
    advice: "Raise this user's limit for open files: ulimit -n shows it.",
  },
  ENFILE: {
    code: "no-memory",
    problem: "this host has too many files open",
    advice: "Close other programs: this host has too many files open.",
  },
  EADDRINUSE: {
    code: "busy",
    problem: "its address is in use",
    advice: "Choose another port or socket, or stop the program that uses it.",
  },
};

const lostFolder = {
  code: "missing-file",
  message: "the current folder no longer exists",
  advice: "Change to a folder that exists.",
} as const;

/** The name that the system has for an error, such as `ENOSPC`; empty for any other error. */
function systemErrorName(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
}

/** Whether a thrown value is one of these errors of the system, such as `ENOENT`. */
export function hasErrorCode(thrown: unknown, ...names: readonly string[]): boolean {
  return names.includes(systemErrorName(thrown));
}

/** Explains an error of the system to a person who can do something about it, with the path where the system names one. */
export function explainSystemError(thrown: unknown): ErrorData | undefined {
  if (thrown instanceof Error && "syscall" in thrown && thrown.syscall === "uv_cwd") return lostFolder;
  const known = explained[systemErrorName(thrown)];
  if (!known) return undefined;
  const { problem, ...rest } = known;
  return { ...rest, message: `${pathPrefix(thrown)}${problem}` };
}

function pathPrefix(thrown: unknown): string {
  return thrown instanceof Error && "path" in thrown ? `${thrown.path}: ` : "";
}

/** A caller's words for refusals of one code: it knows the object. Without an advice, the shared one counts. */
export type RefusalWords = Pick<ErrorData, "message" | "advice">;

/** Explains an error of the system in a caller's words; undefined for an error for which it has none. */
export function describeSystemError(
  thrown: unknown,
  words: Readonly<Partial<Record<ErrorCode, RefusalWords>>>,
): ErrorData | undefined {
  const known = explainSystemError(thrown);
  const own = known && words[known.code];
  return own && { code: known.code, message: own.message, advice: own.advice ?? known.advice };
}
