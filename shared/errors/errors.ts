import type { ErrorCode, ErrorData } from "./error-data.ts";
import { explainSystemError } from "./system-error.ts";

/** An error that a person can meet: it says what happened, to which object, and what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly advice: string | undefined;
  readonly details: readonly string[];
  readonly field: string | undefined;

  constructor(data: ErrorData, options?: { cause?: unknown }) {
    super(data.message, options);
    this.code = data.code;
    this.advice = data.advice;
    this.details = data.details ?? [];
    this.field = data.field;
  }

  toJSON(): ErrorData {
    const { code, message, advice, details, field } = this;
    return { code, message, advice, details, ...(field !== undefined && { field }) };
  }
}

/**
 * Makes an AppError of any thrown value; an `AppError` stays as it is, errors of the system are explained, and work that was
 * aborted is `interrupted`, unless the reason of its signal is another AppError.
 */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") return reasonOf(thrown);
  const explained = explainSystemError(thrown);
  return new AppError(explained ?? { code: "internal", message: messageOf(thrown) }, { cause: thrown });
}

/** Node's own functions wrap the reason of the signal that aborts them. */
function reasonOf(aborted: Error): AppError {
  if (aborted.cause instanceof AppError) return aborted.cause;
  return new AppError({ code: "interrupted", message: "interrupted" }, { cause: aborted });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Marks the branch that no value of a union can reach: adding a member stops this from compiling. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
