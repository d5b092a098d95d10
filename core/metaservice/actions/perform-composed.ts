import type { ComposedReply } from "../../../shared/guest/guest-action.ts";
import type { MetaLimits } from "../limits.ts";
import { pairsOf } from "../record/header-pairs.ts";
import type { ActionQueue } from "./action-queue.ts";
import { malformedReply } from "./failed-try.ts";
import type { ActionOptions } from "./guest-actions.ts";
import { replyBody } from "./reply-body.ts";

/** Bytes of a reply that are kept. The action log has the same beginning of it. */
const keptBytes = 1024 * 1024;

/** See `GuestActions.performComposed`. */
export async function performComposed(
  queue: ActionQueue,
  limits: MetaLimits,
  text: string,
  { signal }: ActionOptions = {},
): Promise<ComposedReply> {
  return await queue.perform({
    request: { type: "composed", text },
    signal,
    receive: async ({ request, openWebSocket }, stop) => {
      if (openWebSocket)
        throw malformedReply("the reply asks for a WebSocket, which only tinsmith shell opens");
      const kept: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of replyBody(request, { signal: stop, limits })) {
        if (bytes < keptBytes) kept.push(piece.subarray(0, keptBytes - bytes));
        bytes += piece.length;
      }
      return {
        method: request.method ?? "",
        headers: pairsOf(request.rawHeaders).map(([name, value]) => [name, value]),
        body: Buffer.concat(kept).toString("base64"),
        bytes,
      };
    },
  });
}
