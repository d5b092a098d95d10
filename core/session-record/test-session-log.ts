import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import type { SessionLog } from "./session-log.ts";

/** A path for the log of a session, in a folder of the test's own. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "session-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "events.jsonl");
}

/** Records notes whose texts are these numbers. */
export function record(log: SessionLog, from: number, to: number): void {
  for (let number = from; number <= to; number++) log.record({ type: "note", text: `${number}` });
}

/** One request of the guest's, of about 100 bytes in the log. */
export function recordExchange(log: SessionLog, exchange: number): void {
  log.record({ type: "exchange-started", exchange, method: "GET", target: "/", headers: [] });
}

/** Events one by one, that come several together. */
export async function* flatten(
  batches: AsyncIterable<readonly SessionEvent[]>,
): AsyncGenerator<SessionEvent, void, void> {
  for await (const events of batches) yield* events;
}

/** A subscription, event by event. */
export function eventsOf(log: SessionLog, options?: Parameters<SessionLog["subscribe"]>[0]) {
  return flatten(log.subscribe(options));
}

/** Waits for this many events, or for the end. */
export async function take(
  events: AsyncIterator<SessionEvent>,
  count: number,
): Promise<readonly SessionEvent[]> {
  const taken: SessionEvent[] = [];
  while (taken.length < count) {
    const { done, value } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

/** Waits for the end, and returns all events. */
export const all = (events: AsyncIterator<SessionEvent>) => take(events, Number.POSITIVE_INFINITY);
/** The numbers of events. */
export const numbers = (events: readonly SessionEvent[]) => events.map(({ seq }) => seq);
/** The texts of events, or their types. */
export const texts = (events: readonly SessionEvent[]) =>
  events.map((event) => ("text" in event ? event.text : event.type));
