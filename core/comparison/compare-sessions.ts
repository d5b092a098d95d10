import type {
  ComparedExchange,
  Environment,
  SessionComparison,
} from "../../shared/session/session-comparison.ts";
import { addToRecord, createRunRecord } from "../scenario/run-record.ts";
import { holdSession } from "../session-record/hold-session.ts";
import { requireRecord } from "../session-record/require-session.ts";
import { readSessionLog } from "../session-record/session-log-reader.ts";
import type { Paths } from "../storage/paths.ts";
import { alignExchanges, type ReadExchange } from "./align-exchanges.ts";

/**
 * Compares what the guest tools and the host have said to each other in two sessions, running or ended. Of each body,
 * its size is compared, and the beginning that the session's events keep: 4 KiB.
 *
 * @throws AppError `no-session`, `newer-version`, `missing-file`
 */
export async function compareSessions(
  paths: Paths,
  first: string,
  second: string,
): Promise<SessionComparison<ReadExchange>> {
  const [one, other] = await Promise.all([readSession(paths, first), readSession(paths, second)]);
  return {
    pairs: alignExchanges(one.exchanges, other.exchanges),
    environments: [one.environment, other.environment],
  };
}

/** A comparison for a list of exchanges: the bodies may be as large as both sessions' logs. */
export function withoutBodies({ pairs, environments }: SessionComparison<ReadExchange>): SessionComparison {
  return {
    pairs: pairs.map(({ first, second, differences }) => ({
      first: first && withoutBody(first),
      second: second && withoutBody(second),
      differences,
    })),
    environments,
  };
}

function withoutBody({ request: _request, reply: _reply, ...exchange }: ReadExchange): ComparedExchange {
  return exchange;
}

interface ReadSession {
  readonly exchanges: readonly ReadExchange[];
  readonly environment: Environment;
}

async function readSession(paths: Paths, id: string): Promise<ReadSession> {
  const files = requireRecord(paths, id);
  using _held = holdSession(files);
  const record = createRunRecord();
  const firstEvents = new Map<number, number>();
  const bodies = new Map<number, Pick<ReadExchange, "request" | "reply" | "requestBytes" | "replyBytes">>();
  let environment: Environment = {};
  for await (const events of readSessionLog(files.events))
    for (const event of events) {
      addToRecord(record, event);
      if (event.type === "run-started") environment = event.task.env;
      if (event.type === "exchange-started") firstEvents.set(event.exchange, event.seq);
      if (event.type === "exchange-ended")
        bodies.set(event.exchange, {
          request: textOf(event.request.beginning),
          requestBytes: event.request.bytes,
          reply: textOf(event.reply.beginning),
          replyBytes: event.reply.bytes,
        });
    }
  const exchanges = [...record.exchanges.values()].map((exchange) => ({
    event: firstEvents.get(exchange.number) ?? 1,
    ...noBodies,
    ...bodies.get(exchange.number),
    ...exchange,
  }));
  return { exchanges, environment };
}

const noBodies = { request: "", requestBytes: 0, reply: "", replyBytes: 0 };

function textOf(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
