import type { ExchangeOutcome } from "../guest/exchange.ts";
import type { EndpointName } from "../rules/message-kinds.ts";
import type { RuleUse } from "../rules/rule-event.ts";

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
  /** The names of the rules that applied to its messages; absent if none did. */
  readonly rules?: readonly string[] | undefined;
}

/** How two exchanges of the same place differ, or that only one session has it. */
export type Difference =
  | "only-first"
  | "only-second"
  | "target"
  | "status"
  | "outcome"
  | "headers"
  | "request"
  | "response";

/** Headers that differ in any two exchanges, and are not compared; nor is the port of `Host`. */
export const headersLeftOut: readonly string[] = ["Date", "Sec-WebSocket-Key", "Sec-WebSocket-Accept"];

/** The headers that are not compared, for people. */
export const describedHeadersLeftOut = `${headersLeftOut.join(", ")}, the port of Host, and Content-Length if the bodies have different sizes`;

/** A header in which two exchanges differ. */
export interface HeaderDifference {
  readonly part: "request" | "response";
  readonly name: string;
  /** Its value in the first session; absent if only the other one has it. */
  readonly first?: string | undefined;
  readonly second?: string | undefined;
}

/** Exchanges of two sessions at the same place. */
export interface ExchangePair<Exchange extends ComparedExchange = ComparedExchange> {
  readonly first?: Exchange | undefined;
  readonly second?: Exchange | undefined;
  /** Empty when both are equal. */
  readonly differences: readonly Difference[];
  /** The headers that differ; absent if there are none. */
  readonly headers?: readonly HeaderDifference[] | undefined;
}

/** Two sessions, exchange by exchange. */
export interface SessionComparison<Exchange extends ComparedExchange = ComparedExchange> {
  readonly pairs: readonly ExchangePair<Exchange>[];
  /** The environment variables of each session's task. */
  readonly environments: readonly [first: Environment, second: Environment];
  /** The rules that each session had, with the messages that they applied to. */
  readonly rules: readonly [first: readonly RuleUse[], second: readonly RuleUse[]];
  /** The polls without an action that each session has: they are not compared, unless that was asked for. */
  readonly emptyPolls: readonly [first: number, second: number];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;
