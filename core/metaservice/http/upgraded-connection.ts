import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { UpgradeRecorder } from "../record/exchange-recorder.ts";

/** Takes over the messages of a WebSocket. */
export interface SocketRules {
  /** Those from the guest; to be called before anybody listens to them. */
  incoming(socket: WebSocket): void;
  /** Those to the guest; to be called after all else that wraps the socket. */
  outgoing(socket: WebSocket): void;
}

/** A connection that a request asks to make another one. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  /** The bytes that followed the request. */
  readonly head: Buffer;
  readonly exchange: UpgradeRecorder | undefined;
  /** The rules for its messages, once it is a WebSocket. */
  readonly rules?: SocketRules | undefined;
}

/** Takes a request that asks to make its connection another one; settles when that is over. */
export type UpgradeHandler = (request: IncomingMessage, connection: UpgradedConnection) => Promise<void>;
