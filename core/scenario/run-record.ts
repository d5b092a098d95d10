import type { ExchangeOutcome } from "../../shared/guest/exchange.ts";
import type { EndpointName } from "../../shared/rules/message-kinds.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { endpointOf } from "../metaservice/intercept/message-head.ts";

/** An exchange of a run, as expectations see it. Times are in milliseconds since the epoch. */
export interface RecordedExchange {
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly endpoint: EndpointName;
  readonly started: number;
  /** The type of the action that it gave to the guest, or answered. */
  action?: string | undefined;
  status?: number;
  ended?: number;
  outcome?: ExchangeOutcome;
}

/** The part of a session's events that expectations are about. */
export interface RunRecord {
  /** The guest tools' first request. */
  started?: number;
  readonly exchanges: Map<number, RecordedExchange>;
  /** The types of actions by their numbers. */
  readonly actions: Map<number, string>;
  /** The times at which each rule applied to a message. */
  readonly hits: Map<string, number[]>;
  resultAt?: number;
}

export function createRunRecord(): RunRecord {
  return { exchanges: new Map(), actions: new Map(), hits: new Map() };
}

/** Adds an event to a record. */
export function addToRecord(record: RunRecord, event: SessionEvent): void {
  const { exchanges, actions } = record;
  switch (event.type) {
    case "guest-tools-started":
      record.started = event.time;
      return;
    case "guest-tools-replaced":
      record.started = event.time;
      // Those of the tools before; the new ones wait for the answer to theirs.
      for (const [number, { ended }] of exchanges) if (ended !== undefined) exchanges.delete(number);
      return;
    case "task-result":
      record.resultAt = event.time;
      return;
    case "exchange-started": {
      const { exchange: number, method, target, time: started } = event;
      const endpoint = endpointOf(target.replace(/\?.*/s, ""));
      exchanges.set(number, { number, method, target, endpoint, started });
      return;
    }
    case "exchange-replied": {
      const exchange = exchanges.get(event.exchange);
      if (exchange) exchange.status = event.status;
      return;
    }
    case "exchange-ended": {
      const exchange = exchanges.get(event.exchange);
      if (!exchange) return;
      exchange.ended = event.time;
      exchange.outcome = event.outcome;
      if (exchange.endpoint === "poll" && exchange.status === 200) exchange.action ??= "none";
      return;
    }
    case "action-requested":
      actions.set(event.action, event.request.type);
      return;
    case "action-taken":
    case "action-answered": {
      const exchange = exchanges.get(event.exchange);
      if (exchange) exchange.action = actions.get(event.action);
      return;
    }
    case "rule-hit":
      addHit(record.hits, event.rule, event.time);
  }
}

function addHit(hits: RunRecord["hits"], rule: string, time: number): void {
  const times = hits.get(rule) ?? [];
  if (times.push(time) === 1) hits.set(rule, times);
}
