import type { Matcher } from "../../../shared/rules/rule.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { fitsHead, type MessageHead } from "../../metaservice/rules/match-rule.ts";
import type { RecordedExchange } from "../run-record.ts";
import type { RecordedExchanges } from "./recorded-exchanges.ts";
import type { AddedRule } from "./rules-added.ts";

/** The messages that a rule of a scenario applies to. */
interface SavedMatcher {
  readonly when: Matcher;
  /** Whether the rule was added to a running session, and the matcher can't say so. */
  readonly isLost: boolean;
}

/** The events of an exchange, with their indexes among all. */
type ExchangeRecord = readonly { readonly at: number; readonly event: SessionEvent }[];

/**
 * The messages that a rule applies to when it is there from the start of a session. If it was added to a running one, it gets
 * the number of the message that it applied to.
 */
export function addedLater(
  { rule: { when }, isLate, hits }: AddedRule,
  events: readonly SessionEvent[],
  { counted }: RecordedExchanges,
): SavedMatcher {
  const [hit] = hits;
  if (!isLate) return { when, isLost: false };
  const exchange = counted.find(({ number }) => number === hit?.event.exchange);
  if (!hit || !exchange || seesBody(when)) return { when, isLost: true };
  const byExchange = Map.groupBy(
    [...events.entries()].map(([at, event]) => ({ at, event })),
    ({ event }) => ("exchange" in event ? event.exchange : undefined),
  );
  const recordOf = ({ number }: RecordedExchange) => byExchange.get(number) ?? [];
  const fits = (one: RecordedExchange) => fitsHead(when, headOf(one, when.from, recordOf(one)));
  if (!fits(exchange)) return { when, isLost: true };
  const isBefore = (one: RecordedExchange) => (messageIn(recordOf(one), when.from) ?? hit.at) < hit.at;
  const before = counted.filter((one) => one !== exchange && fits(one) && isBefore(one));
  if (before.length === 0) return { when, isLost: false };
  if (hits.length > 1 || when.probability !== undefined) return { when, isLost: true };
  return { when: { ...when, occurrence: before.length + 1 }, isLost: false };
}

/** Whether a record of exchanges is not enough to tell which messages a rule fits. */
function seesBody({ text, pattern, json, message, stream }: Matcher): boolean {
  return [text, pattern, json, message, stream].some((one) => one !== undefined);
}

/** The index of the first event that tells of an exchange's message; undefined if there was no such message. */
function messageIn(record: ExchangeRecord, from: Matcher["from"]): number | undefined {
  if (from === "guest") return record[0]?.at;
  // The response of a rule or of a person is not a message that rules see.
  const isAnswered = record.some(
    ({ event }) =>
      (event.type === "message-released" && event.release === "answered") ||
      (event.type === "rule-hit" && event.from === "guest" && event.steps?.includes("answer")),
  );
  if (isAnswered) return undefined;
  return record.find(
    ({ event }) =>
      (event.type === "exchange-replied" && event.status >= 200) ||
      (event.type === "rule-hit" && event.from === "host" && event.message === undefined),
  )?.at;
}

/** The message as rules saw it. */
function headOf(
  { endpoint, method, action, status }: RecordedExchange,
  from: Matcher["from"],
  record: ExchangeRecord,
): MessageHead {
  // A poll asks for any action.
  if (from === "guest") return { from, endpoint, method, action: endpoint === "poll" ? undefined : action };
  const original = record.flatMap(({ event }) =>
    event.type === "message-edited" && event.from === from ? (event.status ?? []) : [],
  );
  return { from, endpoint, method, action, status: original[0] ?? status };
}
