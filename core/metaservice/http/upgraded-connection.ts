import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { UpgradeRecorder } from "../record/exchange-recorder.ts";

/** A connection that a request asks to make another one. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  /** The bytes that followed the request. */
  readonly head: Buffer;
  readonly exchange: UpgradeRecorder | undefined;
}

/** Takes a request that asks to make its connection another one; settles when that is over. */
export type UpgradeHandler = (request: IncomingMessage, connection: UpgradedConnection) => Promise<void>;
