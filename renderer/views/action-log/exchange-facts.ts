import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";

/** The name of an exchange's endpoint, as in "poll"; a target that is not an endpoint of the service is "other". */
export function endpointOf({ target }: Exchange): string {
  return /^\/engine\/v1\/(execute|log|success|failed|poll|reply|ping)(?:\?|$)/.exec(target)?.[1] ?? "other";
}

export const endpoints = ["execute", "log", "success", "failed", "poll", "reply", "ping", "other"] as const;

/** The state of an exchange, or its end. */
export type ExchangeState = "open" | "done" | "refused" | "failed" | "cut";

export function stateOf({ status = 0, outcome }: Exchange): ExchangeState {
  if (outcome === "cut") return "cut";
  if (status >= 500) return "failed";
  if (status >= 400) return "refused";
  return outcome === undefined ? "open" : "done";
}

export const exchangeStates: Readonly<Record<ExchangeState, string>> = {
  open: "Open",
  done: "Done",
  refused: "Refused (4xx)",
  failed: "Failed (5xx)",
  cut: "Cut",
};

/** Milliseconds that an exchange has taken: until its reply began, which for a poll is waiting; and from then on. */
export interface Latency {
  readonly waiting: number;
  readonly working: number;
}

/** @param now for an exchange that is open */
export function latencyOf(exchange: Exchange, now: number): Latency {
  const { started, replied, ended } = exchange;
  const end = Math.max(started, ended ?? now);
  if (endpointOf(exchange) !== "poll") return { waiting: 0, working: end - started };
  const answered = Math.min(end, replied ?? end);
  return { waiting: answered - started, working: end - answered };
}

/**
 * The position of a time on a bar from 0 to 1: by powers of ten, from a millisecond to a minute, so that both can be
 * seen.
 */
export function barPosition(milliseconds: number): number {
  const [shortest, longest] = [1, 60_000];
  const part = Math.log10(Math.max(shortest, milliseconds)) / Math.log10(longest / shortest);
  return Math.min(1, 0.04 + 0.96 * part);
}

/** A time for people, in three digits or so: `0.4 ms`, `12 ms`, `1.24 s`, `62 min`. */
export function shortTime(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toPrecision(3)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** The request of an action, in a few words. */
export function describeRequest(request: GuestActionRequest): string {
  if ("path" in request) return `${request.type} ${request.path}`;
  if (request.type === "kill-process") return request.type;
  return [request.type, ...request.command].join(" ");
}
