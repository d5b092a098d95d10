import type { ComparedExchange, SessionComparison } from "../../shared/session/session-comparison.ts";
import type { Paths } from "../storage/paths.ts";
import { alignExchanges, isEmptyPoll, type ReadExchange } from "./align-exchanges.ts";
import { readSession } from "./read-session.ts";

/**
 * Compares what the guest tools and the host have said to each other in two sessions, running or ended. Of each body,
 * its size is compared, and the beginning that the session's events keep: 4 KiB.
 *
 * @param withPolls whether polls are compared, too, that gave no action
 * @throws AppError `no-session`, `newer-version`, `missing-file`
 */
export async function compareSessions(
  paths: Paths,
  first: string,
  second: string,
  withPolls: boolean,
): Promise<SessionComparison<ReadExchange>> {
  const [one, other] = await Promise.all([readSession(paths, first), readSession(paths, second)]);
  const compared = (exchanges: readonly ReadExchange[]) =>
    withPolls ? exchanges : exchanges.filter((exchange) => !isEmptyPoll(exchange));
  return {
    pairs: alignExchanges(compared(one.exchanges), compared(other.exchanges)),
    environments: [one.environment, other.environment],
    rules: [one.rules, other.rules],
    emptyPolls: [one.exchanges.filter(isEmptyPoll).length, other.exchanges.filter(isEmptyPoll).length],
  };
}

/** A comparison for a list of exchanges: the bodies may be as large as both sessions' logs. */
export function withoutBodies(comparison: SessionComparison<ReadExchange>): SessionComparison {
  return {
    ...comparison,
    pairs: comparison.pairs.map(({ first, second, ...pair }) => ({
      first: first && withoutBody(first),
      second: second && withoutBody(second),
      ...pair,
    })),
  };
}

function withoutBody(exchange: ReadExchange): ComparedExchange {
  const { request: _request, reply: _reply, requestHeaders: _sent, replyHeaders: _got, ...rest } = exchange;
  return rest;
}
