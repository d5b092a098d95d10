import { AppError } from "./errors.ts";

/** Checks or uses a part of a request: an AppError that this throws names that part, as `ErrorData.field` does. */
export async function ofField<Value>(field: string, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new AppError({ ...thrown.toJSON(), field }, { cause: thrown.cause });
  }
}
