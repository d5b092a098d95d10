import { mapEventIterator, ORPCError } from "@orpc/client";
import { fromWireError, toWireError } from "./api-errors.ts";

/** A call on its way through the library, as an interceptor meets it. */
interface Call {
  readonly signal?: { readonly aborted: boolean; readonly reason: unknown } | undefined;
  readonly next: () => Promise<unknown>;
}

/** Put around each call at the server: whatever it throws, or its events end with, crosses as an AppError. */
export function sendErrors({ next }: Call): Promise<unknown> {
  return mapErrors(next, toWireError);
}

/**
 * Put around each call at the client: what crossed as an AppError is thrown as one, and after an abort the signal's reason.
 *
 * @param brokenOff makes what is thrown when the connection broke before the end.
 */
export function receiveErrors(brokenOff: (cause: unknown) => unknown): (call: Call) => Promise<unknown> {
  return ({ signal, next }) =>
    mapErrors(next, (thrown) => {
      if (signal?.aborted) return signal.reason;
      return thrown instanceof ORPCError ? fromWireError(thrown) : brokenOff(thrown);
    });
}

async function mapErrors(next: Call["next"], change: (thrown: unknown) => unknown): Promise<unknown> {
  try {
    const output = await next();
    if (!isEventIterator(output)) return output;
    return mapEventIterator(output, {
      value: async (value) => value,
      error: async (thrown) => change(thrown),
    });
  } catch (thrown) {
    throw change(thrown);
  }
}

function isEventIterator(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}
