import type { ErrorCode } from "../../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { formatCount, formatDuration } from "../../../shared/text/format.ts";
import type { Refusal } from "../http/http-reply.ts";
import { describeAction } from "./describe-action.ts";

/** The failure of one try of an action; there may be another try. */
export class FailedTry extends Error {
  override readonly name = "FailedTry";
  readonly code: ErrorCode;
  /** The refusal for the guest, when the guest is there to receive it. */
  readonly refusal: Refusal | undefined;
  /** The error that ends the action, when another try would end the same. */
  readonly final: AppError | undefined;
  /** The advice for the person, if it is not the one of the code. */
  readonly advice: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options?: { refusal?: Refusal | undefined; final?: AppError; advice?: string; cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.refusal = options?.refusal;
    this.final = options?.final;
    this.advice = options?.advice;
  }
}

/** The guest tools did not ask for actions. @param waited milliseconds */
export function notTaken(waited: number): FailedTry {
  return new FailedTry("guest-no-answer", `no guest tools asked for actions for ${formatDuration(waited)}`);
}

/** The guest tools took the action, and did not begin to answer. @param waited milliseconds */
export function notAnswered(waited: number): FailedTry {
  return new FailedTry(
    "guest-no-answer",
    `the guest took the action, but did not begin to answer for ${formatDuration(waited)}`,
    { advice: "Look for the cause in the guest's log and console." },
  );
}

/** The guest's reply can't be made sense of. @param message tells so both to the person and to the guest */
export function malformedReply(message: string): FailedTry {
  const refusal: Refusal = { status: 400, code: "InvalidPayload", message };
  return new FailedTry("guest-action-failed", message, { refusal });
}

/** The guest's reply came by another method than the one that the action's kind takes. */
export function wrongMethod(method: string | undefined, allow: string): FailedTry {
  const message = `the reply used ${method}, and must use ${allow}`;
  const refusal: Refusal = { status: 405, code: "MethodNotAllowed", message, allow };
  return new FailedTry("guest-action-failed", message, { refusal });
}

/** A failure of the host while it received a reply. The guest gets no details. */
export function hostTrouble(cause: unknown): FailedTry {
  const refusal = hostRefusal("it had an error");
  return new FailedTry("internal", toAppError(cause).message, {
    refusal,
    cause,
  });
}

/** @param reason of the host, without anything that only the host should know */
export function hostRefusal(reason: string): Refusal {
  return {
    status: 500,
    code: "InternalError",
    message: `the host could not take the reply: ${reason}`,
  };
}

/** The error that a person sees after the last try. */
export function failedAction(request: GuestActionRequest, failures: readonly FailedTry[]): AppError {
  const last = failures.at(-1);
  const code = last?.code ?? "internal";
  const reasons = failures.map(({ message }) => message);
  const count = formatCount(failures.length, "try", "tries");
  return new AppError(
    {
      code,
      message: `${describeAction(request)} failed after ${count}: ${last?.message}`,
      advice: last?.advice ?? advice[code],
      details: new Set(reasons).size > 1 ? reasons.map((reason, index) => `try ${index + 1}: ${reason}`) : [],
    },
    { cause: last?.cause },
  );
}

const advice: Partial<Record<ErrorCode, string>> = {
  "guest-no-answer":
    "See in the action log whether the guest tools ask for actions. If they don't, look for the cause in the guest's log and console.",
  "guest-action-failed":
    "See the guest's reply in the action log, and look for the cause in the guest's console.",
  internal: "Fix that, then try again.",
};
