import type { IncomingMessage, ServerResponse } from "node:http";
import type { Task, TaskResult } from "../../shared/guest-protocol.ts";
import { giveBackMemory } from "../files/give-back-memory.ts";
import { sendEmpty, sendJson, sendRefusal } from "./http-reply.ts";
import type { RateLimit } from "./rate-limit.ts";
import { lacksLength } from "./reply-body.ts";

export interface Endpoint {
  /** The one that it takes; else it looks at the method itself. */
  readonly method?: "GET" | "POST" | "PUT";
  /** Replies; `exchange` is the number of this one. What it throws becomes a 500. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    exchange: number,
  ) => void | Promise<void>;
}

/** Tells that the service works. */
export const pingEndpoint: Endpoint = { method: "GET", handle: (_request, response) => sendEmpty(response) };

/** Who takes a task's log. */
export interface LogTaker {
  /**
   * Takes a piece of a log, whose bytes are gone once this has settled; it is awaited, so a slow one slows the guest down. Several logs at once call it
   * concurrently, each in its own order. When it rejects, the guest is told so and that log ends.
   */
  readonly log: (chunk: Uint8Array) => void | Promise<void>;
  /** Called at the end of a log, before the guest is told that it was taken; it may reject, as `log` may. */
  readonly onLogEnd?: (() => void | Promise<void>) | undefined;
}

/** Takes logs, each piece when the one before it was taken, and as `rate` has it. */
export function logEndpoint({ log, onLogEnd }: LogTaker, rate: RateLimit): Endpoint {
  return {
    method: "POST",
    handle: async (request, response) => {
      if (lacksLength(request)) {
        const message = "a log sent with HTTP/1.0 needs a Content-Length header";
        return sendRefusal(response, { status: 400, code: "InvalidPayload", message });
      }
      try {
        for await (const chunk of bodyOf(request)) {
          await rate.take(chunk.length);
          await log(chunk);
          giveBackMemory(chunk);
        }
        await onLogEnd?.();
      } catch (error) {
        // The guest sends on until it has seen the 500: let it, or the two would wait for each other.
        request.resume();
        throw error;
      }
      // When the log broke off its connection is gone too, and this is not sent.
      sendEmpty(response);
    },
  };
}

/** Hands out the task. */
export function executeEndpoint({ env, command }: Task): Endpoint {
  return { method: "GET", handle: (_request, response) => sendJson(response, { env, command }) };
}

/** The pair success and failed: the first to come counts, and only that one is told. */
export function resultEndpoints(onResult: (result: TaskResult) => void): Record<TaskResult, Endpoint> {
  let resolved: TaskResult | undefined;
  const endpoint = (result: TaskResult): Endpoint => ({
    method: "PUT",
    handle: (_request, response) => {
      if (resolved === undefined) {
        resolved = result;
        onResult(result);
      }
      if (resolved === result) sendEmpty(response);
      else {
        const message = `the task was already resolved as ${resolved}`;
        sendRefusal(response, { status: 409, code: "ResourceConflict", message });
      }
    },
  });
  return { success: endpoint("success"), failed: endpoint("failed") };
}

/** A request's body; when the client breaks off, what had arrived until then. */
async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Without destroyOnReturn a reader that fails would take the connection with it, and could not reply.
    yield* request.iterator({ destroyOnReturn: false });
  } catch {
    // Reading in a loop, because iterating over a broken stream throws away what it still holds.
    for (let chunk = request.read(); chunk !== null; chunk = request.read()) yield chunk;
  }
}
