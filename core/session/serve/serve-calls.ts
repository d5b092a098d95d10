import type { StandardRPCHandler } from "@orpc/server/standard";
import { createServerPeerHandleRequestFn } from "@orpc/server/standard-peer";
import { type EncodedMessage, ServerPeer } from "@orpc/standard-server-peer";
import type { Channel, ChannelMessage } from "../../../shared/channel/channel.ts";

/** Answers calls of a contract, over any channel. */
export type CallHandler = StandardRPCHandler<Record<never, never>>;

/**
 * Answers a client's calls, no faster than it takes the answers; when it is gone, they are cancelled. A message that is not a
 * call ends the connection: nobody who sends one is a window of ours.
 */
export function serveCalls(handler: CallHandler, channel: Channel): void {
  const peer = new ServerPeer((message) => channel.send(message as ChannelMessage));
  const answer = createServerPeerHandleRequestFn(handler, {});
  const take = async (message: ChannelMessage) => {
    let isCall = false;
    try {
      await peer.message(message as EncodedMessage, (request) => {
        isCall = true;
        return answer(request);
      });
    } catch {
      // An error of a call is in its answer.
      if (!isCall) channel.close();
    }
  };
  channel.onMessage((message) => void take(message));
  channel.onClose(() => peer.close());
}
