import type { ExchangeOutcome } from "../guest/exchange.ts";
import type { EndpointName } from "../rules/message-kinds.ts";

/** An exchange of a session, as it is compared with another session's. Times are in milliseconds since the epoch. */
export interface ComparedExchange {
  /** Counts the session's exchanges from 1. */
  readonly number: number;
  /** The `seq` of its first event in the session's log. */
  readonly event: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly endpoint: EndpointName;
  /** The type of the action that it gave to the guest, or answered. */
  readonly action?: string | undefined;
  readonly started: number;
  readonly ended?: number | undefined;
  readonly status?: number | undefined;
  /** Absent while it is open, or when its session was killed. */
  readonly outcome?: ExchangeOutcome | undefined;
  /** Bytes of its bodies. */
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** How two exchanges of the same place differ, or that only one session has it. */
export type Difference =
  | "only-first"
  | "only-second"
  | "target"
  | "status"
  | "outcome"
  | "request"
  | "response";

/** Exchanges of two sessions at the same place. */
export interface ExchangePair<Exchange extends ComparedExchange = ComparedExchange> {
  readonly first?: Exchange | undefined;
  readonly second?: Exchange | undefined;
  /** Empty when both are equal. */
  readonly differences: readonly Difference[];
}

/** Two sessions, exchange by exchange. */
export interface SessionComparison<Exchange extends ComparedExchange = ComparedExchange> {
  readonly pairs: readonly ExchangePair<Exchange>[];
  /** The environment variables of each session's task. */
  readonly environments: readonly [first: Environment, second: Environment];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;
