import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { sessionClient } from "../../client/api-client.ts";
import {
  type Exchange,
  findNumbered,
  isExchangesEvent,
  noExchanges,
  reduceExchanges,
} from "../guest/exchanges.ts";

/** Reads an exchange from the session's log on disk, whole. @param wanted one that is trimmed, or its place in the log */
export async function loadExchange(
  session: string,
  wanted: Pick<Exchange, "number" | "event" | "action">,
  signal: AbortSignal,
): Promise<Exchange> {
  const { number, event = 1, action } = wanted;
  let read = noExchanges;
  for await (const batch of sessionEvents(sessionClient(session), { after: event - 1 }, { signal })) {
    const own = batch.filter(isExchangesEvent).filter((one) => "exchange" in one && one.exchange === number);
    read = reduceExchanges(
      read,
      own.filter((one) => !("action" in one)),
    );
    const exchange = findNumbered(read.exchanges, number);
    if (exchange?.ended !== undefined) return { ...exchange, ...(action !== undefined && { action }) };
  }
  throw new Error(`exchange ${number} is not in the log of this session any more`);
}
