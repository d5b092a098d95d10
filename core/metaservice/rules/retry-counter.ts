import { createHash } from "node:crypto";
import type { HeldMessage, ReleaseRequest } from "../../../shared/rules/held-message.ts";

/** Finds out which held messages belong to a request that the guest tools have sent before, and try again. */
export interface RetryCounter {
  /** Counts the tries of a message's request, from 1. */
  triesOf(message: CountedMessage): number;
  /** To be called when a message is released. @param isGivenUp whether the guest tools did not wait for that */
  released(
    message: CountedMessage & Pick<HeldMessage, "tries">,
    request: ReleaseRequest,
    isGivenUp: boolean,
  ): void;
}

interface CountedMessage extends Pick<HeldMessage, "from" | "method" | "target" | "message"> {
  readonly body: Uint8Array;
}

/** A guest has a few requests open at once. */
const remembered = 100;

export function createRetryCounter(): RetryCounter {
  /** The tries of messages that the guest tools have to send again. */
  const failed = new Map<string, number>();
  return {
    triesOf: (message) => (failed.get(keyOf(message)) ?? 0) + 1,
    released: (message, request, isGivenUp) => {
      const key = keyOf(message);
      failed.delete(key);
      if (message.message !== undefined || !(isGivenUp || makesRetry(request))) return;
      failed.set(key, message.tries);
      const [oldest] = failed.keys();
      if (failed.size > remembered && oldest !== undefined) failed.delete(oldest);
    },
  };
}

/** The body of a response may differ from try to try. */
function keyOf({ from, method, target, body }: CountedMessage): string {
  const digest = from === "guest" && createHash("sha256").update(body).digest("base64");
  return JSON.stringify([from, method, target, digest]);
}

/** Whether guest tools try a request again that has ended so: see docs/protocol.md. */
function makesRetry(request: ReleaseRequest): boolean {
  if (request.release === "answered") return request.answer.status >= 500;
  if (request.release === "edited") return (request.edit.status ?? 200) >= 500;
  return request.release === "cut";
}
