import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import slugid from "slugid";
import type { Action, Task, TaskResult } from "../../shared/guest-protocol.ts";
import { sendEmpty, sendError, sendJson } from "./http-reply.ts";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT";
  /** Replies. What it throws becomes a 500. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

/** Tells that the service works. */
export const pingEndpoint: Endpoint = { method: "GET", handle: (_request, response) => sendEmpty(response) };

/** Hands each chunk of a log to `take`, and waits for it before it reads on. */
export function logEndpoint(take: (chunk: Uint8Array) => void | Promise<void>): Endpoint {
  return {
    method: "POST",
    handle: async (request, response) => {
      if (lacksLength(request)) {
        const message = "a log sent with HTTP/1.0 needs a Content-Length header";
        return sendError(response, 400, "InvalidPayload", message);
      }
      try {
        for await (const chunk of bodyOf(request)) await take(chunk);
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
      else sendError(response, 409, "ResourceConflict", `the task was already resolved as ${resolved}`);
    },
  });
  return { success: endpoint("success"), failed: endpoint("failed") };
}

/** @param timeout milliseconds after which a poll is answered with nothing to do */
export function pollEndpoint(timeout: number): Endpoint {
  const waiting = new Map<Socket, () => void>();
  return {
    method: "GET",
    handle: ({ socket }, response) => {
      // A connection that polls before it was answered would otherwise pile up polls without end.
      waiting.get(socket)?.();
      const answer = () => {
        clearTimeout(timer);
        waiting.delete(socket);
        socket.off("end", answer).off("close", answer);
        sendJson(response, nothingToDo());
      };
      const timer = setTimeout(answer, timeout);
      waiting.set(socket, answer);
      // A client that is gone looks like one that only closed its sending half, which may still read: answer now.
      socket.once("end", answer).once("close", answer);
    },
  };
}

function nothingToDo(): Action {
  return { id: slugid.nice(), type: "none", path: "", command: [], tty: false };
}

/** Whether the sender may take the connection's end for the body's end, as HTTP has it for replies only. */
function lacksLength({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === "1.0" && !("content-length" in headers || "transfer-encoding" in headers);
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
