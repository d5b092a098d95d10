import { AppError, type ErrorData, toAppError } from "../../shared/errors.ts";

/** A refusal of an archive; `reason` names the entry where there is one. */
export function invalidArchive(reason: string, cause?: unknown): AppError {
  return new AppError(
    {
      code: "invalid-archive",
      message: reason,
      advice: "Fetch or pack the archive again, and use only archives from people you trust.",
    },
    { cause },
  );
}

interface Work {
  /** What was being done, to which files, such as `packing a.tar.lz4`. */
  readonly doing: string;
  /** The archive that is read. */
  readonly archive?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Turns whatever stopped the work on an archive into an error that says to which file and what to do. */
export function explainFailure(thrown: unknown, { doing, archive, signal }: Work): AppError {
  if (signal?.aborted) {
    return new AppError({ code: "interrupted", message: `${doing} was interrupted` }, { cause: thrown });
  }
  const error = toAppError(thrown);
  const isRefusal = error.code === "invalid-archive" || error.code === "invalid-machine";
  if (isRefusal && archive !== undefined) {
    return new AppError(
      { ...error.toJSON(), message: `${archive} is refused: ${error.message}` },
      { cause: thrown },
    );
  }
  return error === thrown ? error : explainSystemError(error, doing);
}

/** Error codes of the file system that a person can do something about. */
const systemErrors: Readonly<Record<string, Pick<ErrorData, "code" | "advice">>> = {
  ENOSPC: { code: "no-space", advice: "Make room on that disk, then try again." },
  EDQUOT: { code: "no-space", advice: "Make room in your quota, then try again." },
  ENOENT: { code: "missing-file", advice: "Check the path." },
  EEXIST: { code: "file-exists", advice: "Remove it, or choose another name." },
};

function explainSystemError({ cause, message }: AppError, doing: string): AppError {
  const systemCode = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const known = systemErrors[systemCode] ?? { code: "internal" };
  return new AppError({ ...known, message: `${doing}: ${message}` }, { cause });
}
