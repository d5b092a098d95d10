import type { SessionEvent } from "../session/session-event.ts";
import type { SessionClient } from "./session-contract.ts";

type EventsCall = Parameters<SessionClient["session"]["events"]>;

/** The events of a session, past ones and those to come; many at once. They come as text from a session that can send it. */
export async function* sessionEvents(
  { session }: SessionClient,
  { after }: Pick<EventsCall[0], "after"> = {},
  options?: EventsCall[1],
): AsyncGenerator<readonly SessionEvent[], void, void> {
  for await (const batch of await session.events({ after, asText: true }, options))
    yield typeof batch === "string" ? (JSON.parse(batch) as readonly SessionEvent[]) : batch;
}
