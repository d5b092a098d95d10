import { AppError, toAppError } from "../../shared/errors/errors.ts";

/** A refusal of an archive; `reason` names the entry where there is one. */
export function invalidArchive(reason: string, cause?: unknown): AppError {
  return refusal(
    reason,
    "Fetch or pack the archive again, and use only archives from people you trust.",
    cause,
  );
}

/** A refusal of a file that most likely is not an image archive. */
export function notAnArchive(reason: string): AppError {
  return refusal(
    reason,
    "Give an image archive, or fetch it again. To look into a disk, an ISO or an archive of files, use tinsmith ls-image. To make an image of a disk, use tinsmith import.",
  );
}

function refusal(message: string, advice: string, cause?: unknown): AppError {
  return new AppError({ code: "invalid-archive", message, advice }, { cause });
}

/** Characters of a name that are shown: a name in an archive may have megabytes. */
const longestName = 200;

/** A name that an archive holds, in quotes, for an error. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > longestName ? `${name.slice(0, longestName)}...` : name);
}

interface Work {
  /** The operation and its files, such as `packing a.tar.lz4`. */
  readonly doing: string;
  /** The archive that is read. */
  readonly archive?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Turns any failure of the work on an archive into an error that names the file and says what to do. */
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
  if (error === thrown) return error;
  return new AppError({ ...error.toJSON(), message: `${doing}: ${error.message}` }, { cause: thrown });
}
