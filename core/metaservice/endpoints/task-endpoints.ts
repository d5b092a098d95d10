import type { Task, TaskResult } from "../../../shared/guest/guest-protocol.ts";
import {
  noTerminalFeature,
  readFeatures,
  readTaskOutcome,
  type TaskOutcome,
} from "../../../shared/guest/task-outcome.ts";
import { freeMemory } from "../../files/free-memory.ts";
import { lacksLength } from "../actions/reply-body.ts";
import { bodyPieces } from "../http/body-pieces.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { sendEmpty, sendJson, sendRefusal } from "../http/http-reply.ts";
import type { RateLimit } from "../http/rate-limit.ts";

/** Tells that the service works. */
export const pingEndpoint: Endpoint = { method: "GET", handle: (_request, response) => sendEmpty(response) };

/** The receiver of a task's log. */
export interface LogTaker {
  /**
   * Takes a piece of a log, whose bytes are reused once this has settled; it is awaited, so a slow receiver slows the
   * guest down. Several logs at once call it concurrently, each in its own order. When it rejects, the guest gets an
   * error and that log ends.
   */
  readonly log: (chunk: Uint8Array) => void | Promise<void>;
  /** Called at the end of a log, before the guest gets its reply; it may reject, as `log` may. */
  readonly onLogEnd?: (() => void | Promise<void>) | undefined;
}

/** Takes logs, each piece when the one before it was taken, and at most at that `rate`. */
export function logEndpoint({ log, onLogEnd }: LogTaker, rate: RateLimit): Endpoint {
  return {
    method: "POST",
    handle: async (request, response) => {
      if (lacksLength(request)) {
        const message = "a log sent with HTTP/1.0 needs a Content-Length header";
        return sendRefusal(response, { status: 400, code: "InvalidPayload", message });
      }
      try {
        for await (const chunk of bodyPieces(request)) {
          await rate.take(chunk.length);
          await log(chunk);
          freeMemory(chunk);
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

/**
 * Hands out the task.
 *
 * @param onNote called once with a note when the guest tools that take it give it a terminal which it should not
 *   have.
 */
export function executeEndpoint({ env, command, tty }: Task, onNote: (text: string) => void): Endpoint {
  let isNoted = false;
  return {
    method: "GET",
    handle: ({ headers }, response) => {
      if (tty !== false) return sendJson(response, { env, command });
      if (!isNoted && !readFeatures(headers).includes(noTerminalFeature)) {
        isNoted = true;
        onNote("These guest tools always use a terminal: the task has one, and its lines end in CR LF.");
      }
      sendJson(response, { env, command, tty });
    },
  };
}

/** The pair success and failed: the first one counts, and only that one is reported. */
export function resultEndpoints(onResult: (outcome: TaskOutcome) => void): Record<TaskResult, Endpoint> {
  let resolved: TaskResult | undefined;
  const endpoint = (result: TaskResult): Endpoint => ({
    method: "PUT",
    handle: ({ headers }, response) => {
      if (resolved === undefined) {
        resolved = result;
        onResult(readTaskOutcome(result, headers));
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
