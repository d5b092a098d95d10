import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { addToRecord, createRunRecord, type RecordedExchange } from "../run-record.ts";

/** The exchanges of a session, those of the actions that a scenario does not ask for apart. */
export interface RecordedExchanges {
  /** The exchanges that a scenario has too, in their order. */
  readonly counted: readonly RecordedExchange[];
  /** The numbers of the exchanges of Tinsmith's own actions. */
  readonly own: ReadonlySet<number>;
}

/** Reads the exchanges of a session from its events. */
export function recordedExchanges(events: readonly SessionEvent[]): RecordedExchanges {
  const ownActions = new Set(
    events.flatMap((event) =>
      event.type === "action-requested" && event.purpose !== undefined ? event.action : [],
    ),
  );
  const own = new Set(events.flatMap((event) => (isOf(event, ownActions) ? event.exchange : [])));
  return { counted: exchangesOf(events).filter(({ number }) => !own.has(number)), own };
}

/** All exchanges in their order, also those whose answer the service never saw with the action that they answered. */
function exchangesOf(events: readonly SessionEvent[]): readonly RecordedExchange[] {
  const record = createRunRecord();
  for (const event of events) addToRecord(record, event);
  const actions = new Map(
    events.flatMap((event) =>
      event.type === "action-taken" ? [[event.id, record.actions.get(event.action)] as const] : [],
    ),
  );
  const all = [...record.exchanges.values()];
  for (const exchange of all)
    if (exchange.endpoint === "reply") exchange.action ??= actions.get(idIn(exchange.target));
  return all;
}

function idIn(target: string): string {
  return URL.parse(target, "http://localhost")?.searchParams.get("id") ?? "";
}

function isOf(
  event: SessionEvent,
  actions: ReadonlySet<number>,
): event is Extract<SessionEvent, { type: "action-taken" | "action-answered" }> {
  return (event.type === "action-taken" || event.type === "action-answered") && actions.has(event.action);
}
