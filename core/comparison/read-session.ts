import type { RuleUse } from "../../shared/rules/rule-event.ts";
import type { Environment } from "../../shared/session/session-comparison.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { addToRecord, createRunRecord } from "../scenario/run-record.ts";
import { holdSession } from "../session-record/hold-session.ts";
import { requireRecord } from "../session-record/require-session.ts";
import { readSessionLog } from "../session-record/session-log-reader.ts";
import type { Paths } from "../storage/paths.ts";
import type { ReadExchange } from "./align-exchanges.ts";

/** A session, as far as it is compared. */
interface ReadSession {
  readonly exchanges: readonly ReadExchange[];
  readonly environment: Environment;
  readonly rules: readonly RuleUse[];
}

/** Reads the exchanges of a session, its rules and its task's variables. @throws AppError `no-session`, `newer-version`, `missing-file` */
export async function readSession(paths: Paths, id: string): Promise<ReadSession> {
  const files = requireRecord(paths, id);
  using _held = holdSession(files);
  const record = createRunRecord();
  const parts = new Map<number, ExchangeParts>();
  /** Hits of each rule. */
  const rules = new Map<string, number>();
  let environment: Environment = {};
  for await (const events of readSessionLog(files.events))
    for (const event of events) {
      addToRecord(record, event);
      addParts(parts, event);
      if (event.type === "run-started") environment = event.task.env;
      if (event.type === "rule-added") rules.set(event.rule.name, rules.get(event.rule.name) ?? 0);
      if (event.type === "rule-hit") rules.set(event.rule, (rules.get(event.rule) ?? 0) + 1);
    }
  return {
    exchanges: [...record.exchanges.values()].map((exchange) => ({
      ...noParts,
      ...parts.get(exchange.number),
      ...exchange,
    })),
    environment,
    rules: [...rules].map(([name, hits]) => ({ name, hits })),
  };
}

/** The parts of an exchange that expectations are not about. */
type OwnParts = Pick<
  ReadExchange,
  "event" | "request" | "requestBytes" | "requestHeaders" | "reply" | "replyBytes" | "replyHeaders" | "rules"
>;
type ExchangeParts = { -readonly [Part in keyof OwnParts]: OwnParts[Part] };

const noParts: ExchangeParts = {
  event: 1,
  request: "",
  requestBytes: 0,
  requestHeaders: [],
  reply: "",
  replyBytes: 0,
};

function addParts(all: Map<number, ExchangeParts>, event: SessionEvent): void {
  if (event.type === "exchange-started") {
    all.set(event.exchange, { ...noParts, event: event.seq, requestHeaders: event.headers });
    return;
  }
  if (event.type !== "exchange-replied" && event.type !== "exchange-ended" && event.type !== "rule-hit")
    return;
  const parts = all.get(event.exchange);
  if (!parts) return;
  if (event.type === "exchange-replied") parts.replyHeaders = event.headers;
  else if (event.type === "rule-hit") parts.rules = [...new Set([...(parts.rules ?? []), event.rule])];
  else {
    parts.request = textOf(event.request.beginning);
    parts.requestBytes = event.request.bytes;
    parts.reply = textOf(event.reply.beginning);
    parts.replyBytes = event.reply.bytes;
  }
}

function textOf(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
