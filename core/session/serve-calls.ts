import type { RPCHandler } from "@orpc/server/ws";
import { callListener } from "../../shared/api-calls.ts";
import type { Channel } from "../../shared/channel.ts";

/** Answers calls of a contract, whatever they come over. */
export type CallHandler = RPCHandler<Record<never, never>>;

/** Answers a client's calls, no faster than it takes the answers; when it is gone, they are cancelled. */
export function serveCalls(handler: CallHandler, channel: Channel): void {
  const socket = { send: channel.send, addEventListener: callListener(channel) };
  void handler.upgrade(socket as Parameters<CallHandler["upgrade"]>[0]);
}
