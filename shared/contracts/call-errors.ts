import { ORPCError } from "@orpc/client";
import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { AppError, toAppError } from "../errors/errors.ts";

/** The code under which every AppError travels; its own code is in the data. */
const wireCode = "APP_ERROR";

/** Wraps any value that a procedure threw, for its way to the client. */
export function toWireError(thrown: unknown): ORPCError<string, unknown> {
  // The library's own, such as that an input does not have its form.
  if (thrown instanceof ORPCError) return thrown;
  const error = toAppError(thrown);
  return new ORPCError(wireCode, {
    status: 500,
    message: error.message,
    data: error.toJSON(),
    cause: thrown,
  });
}

/** The error that a procedure threw, for the client. */
export function fromWireError(thrown: unknown): unknown {
  if (!(thrown instanceof ORPCError)) return thrown;
  const data = errorDataSchema.safeParse(thrown.data);
  if (data.success) return new AppError(data.data);
  return refusedInput(thrown) ?? toAppError(thrown);
}

/** The library's complaints about a request. */
const refusalSchema = z.object({
  issues: z
    .array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])) }))
    .min(1)
    .readonly(),
});

function refusedInput(thrown: ORPCError<string, unknown>): AppError | undefined {
  const [issue] = refusalSchema.safeParse(thrown.data).data?.issues ?? [];
  if (!issue) return undefined;
  const field = issue.path.join(".");
  return new AppError({ code: "usage", message: issue.message, field }, { cause: thrown });
}
