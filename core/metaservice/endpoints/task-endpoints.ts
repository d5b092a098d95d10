import { randomBytes } from "node:crypto";
import type { RestoredTask, Task, TaskResult } from "../../../shared/guest/guest-protocol.ts";
import {
  noTerminalFeature,
  readFeatures,
  readTaskOutcome,
  restoredFeature,
  type TaskOutcome,
} from "../../../shared/guest/task-outcome.ts";
import { freeMemory } from "../../files/free-memory.ts";
import { lacksLength } from "../actions/reply-body.ts";
import type { TaskProgress } from "../actions/task-progress.ts";
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

interface ExecuteOptions {
  /** Called once with a note when the guest tools that take the task give it a terminal which it should not have. */
  readonly onNote: (text: string) => void;
  /** The guest continues from a saved state, so that its clock is late. */
  readonly isRestored?: boolean | undefined;
  /** Called once when the guest tools don't set the late clock by themselves. */
  readonly onLateClock?: (() => void) | undefined;
}

/** Hands out the task. */
export function executeEndpoint(
  { env, command, tty }: Task,
  { onNote, isRestored = false, onLateClock = () => {} }: ExecuteOptions,
): Endpoint {
  let isNoted = false;
  let isLate = false;
  return {
    method: "GET",
    handle: ({ headers }, response) => {
      const features = readFeatures(headers);
      const heedsRestored = features.includes(restoredFeature);
      if (isRestored && !heedsRestored && !isLate) {
        isLate = true;
        onLateClock();
      }
      if (tty === false && !isNoted && !features.includes(noTerminalFeature)) {
        isNoted = true;
        onNote("These guest tools always use a terminal: the task has one, and its lines end in CR LF.");
      }
      sendJson(response, {
        ...{ env, command },
        ...(tty === false && { tty }),
        ...(isRestored && heedsRestored && { restored: freshness() }),
      });
    },
  };
}

/** Twice the 256 bits of Linux's random number generator. */
const seedBytes = 64;

function freshness(): RestoredTask["restored"] {
  return { time: Date.now(), seed: randomBytes(seedBytes).toString("base64") };
}

/** The pair success and failed: the first one counts, and only that one is reported. */
export function resultEndpoints(
  progress: Pick<TaskProgress, "resolved">,
  onResult: (outcome: TaskOutcome) => void,
): Record<TaskResult, Endpoint> {
  const endpoint = (result: TaskResult): Endpoint => ({
    method: "PUT",
    handle: ({ headers }, response) => {
      if (progress.resolved === undefined) {
        progress.resolved = result;
        onResult(readTaskOutcome(result, headers));
      }
      if (progress.resolved === result) sendEmpty(response);
      else {
        const message = `the task was already resolved as ${progress.resolved}`;
        sendRefusal(response, { status: 409, code: "ResourceConflict", message });
      }
    },
  });
  return { success: endpoint("success"), failed: endpoint("failed") };
}
