import { expect, test } from "vitest";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { describeEffects } from "../exchanges/exchange-facts.ts";
import { itemsOf, listOf } from "../log/long-list.ts";
import { emptySessionLog, reduceSessionLog } from "../sessions/session-log.ts";
import { currentTry, type ExchangesEvent, findNumbered, noExchanges, reduceExchanges } from "./exchanges.ts";

const body = { bytes: 0, beginning: "" };

function started(exchange: number, target = "/engine/v1/poll"): ExchangesEvent {
  return { type: "exchange-started", exchange, time: exchange, method: "GET", target, headers: [] };
}

function ended(exchange: number): ExchangesEvent {
  return {
    type: "exchange-ended",
    exchange,
    time: exchange + 0.5,
    outcome: "complete",
    request: body,
    reply: body,
  };
}

const listing = { type: "list-folder", path: "/etc" } as const;

test("an exchange grows from its request over its reply to its end", () => {
  const { exchanges } = reduceExchanges(noExchanges, [
    started(1),
    started(2),
    { type: "exchange-replied", exchange: 1, time: 9, status: 200, headers: [["A", "b"]] },
    ended(1),
  ]);
  expect(exchanges.at(0)).toMatchObject({
    number: 1,
    replied: 9,
    status: 200,
    ended: 1.5,
    outcome: "complete",
  });
  expect(exchanges.at(1)).toEqual({
    number: 2,
    method: "GET",
    target: "/engine/v1/poll",
    started: 2,
    requestHeaders: [],
  });
});

test("what was there before is not changed, so that views can tell what is new", () => {
  const before = reduceExchanges(noExchanges, [started(1), started(2)]);
  const after = reduceExchanges(before, [ended(2)]);
  expect(before.exchanges.at(1)?.ended).toBeUndefined();
  expect(after.exchanges.at(0)).toBe(before.exchanges.at(0));
  expect(after.exchanges.at(1)?.ended).toBe(2.5);
});

test("an action knows its tries and their exchanges, and these know their action", () => {
  const log = reduceExchanges(noExchanges, [
    started(1),
    { type: "action-requested", action: 1, time: 10, request: listing },
    { type: "action-taken", action: 1, time: 11, id: "a", exchange: 1 },
    { type: "action-try-failed", action: 1, time: 40, reason: "no answer" },
    started(2),
    { type: "action-taken", action: 1, time: 41, id: "b", exchange: 2 },
    started(3, "/engine/v1/reply?id=b"),
    { type: "action-answered", action: 1, time: 42, id: "b", exchange: 3 },
    { type: "action-ended", action: 1, time: 43, kind: "list-folder" },
  ]);
  expect(itemsOf(log.actions)).toEqual([
    {
      number: 1,
      request: listing,
      requested: 10,
      ended: 43,
      tries: [
        { started: 10, taken: { time: 11, exchange: 1 }, failed: { time: 40, reason: "no answer" } },
        { started: 40, taken: { time: 41, exchange: 2 }, answered: { time: 42, exchange: 3 } },
      ],
    },
  ]);
  expect(itemsOf(log.exchanges).map(({ action }) => action)).toEqual([1, 1, 1]);
});

test("after a try that failed the next one is under way, until the action ends", () => {
  const { actions } = reduceExchanges(noExchanges, [
    { type: "action-requested", action: 1, time: 10, request: listing },
    { type: "action-try-failed", action: 1, time: 40, reason: "no poll" },
  ]);
  expect(itemsOf(actions).map(currentTry)).toEqual([{ started: 40 }]);
  const over = reduceExchanges({ exchanges: listOf([]), actions }, [
    { type: "action-try-failed", action: 1, time: 70, reason: "no poll" },
    { type: "action-ended", action: 1, time: 70, kind: "list-folder" },
  ]);
  expect(over.actions.at(0)?.tries).toHaveLength(2);
  expect(itemsOf(over.actions).map(currentTry)).toEqual([
    { started: 40, failed: { time: 70, reason: "no poll" } },
  ]);
});

test("exchanges that a full disk has kept out of the log leave the others in place", () => {
  const { exchanges } = reduceExchanges(noExchanges, [started(1), started(5), ended(5), ended(3)]);
  expect(itemsOf(exchanges).map(({ number }) => number)).toEqual([1, 5]);
  expect(findNumbered(exchanges, 5)?.ended).toBe(5.5);
  expect(findNumbered(exchanges, 3)).toBeUndefined();
});

test("events that come twice, after a lost connection, count once", () => {
  const events = [started(1), started(2)].map(
    (event, index) => ({ ...event, seq: index + 1 }) as SessionEvent,
  );
  const once = reduceSessionLog(emptySessionLog, events);
  expect(once.seen).toBe(2);
  expect(itemsOf(once.exchanges).map(({ number }) => number)).toEqual([1, 2]);
  expect(reduceSessionLog(once, events)).toBe(once);
});

test("a batch of events copies no more of a long log than the pieces in which something has changed", () => {
  const events = Array.from({ length: 100_000 }, (_, index) => [started(index + 1), ended(index + 1)]).flat();
  let log = noExchanges;
  for (let from = 0; from < events.length; from += 1_000)
    log = reduceExchanges(log, events.slice(from, from + 1_000));
  expect(log.exchanges.length).toBe(100_000);
  const after = reduceExchanges(log, [started(100_001), ended(5)]);
  const copied = after.exchanges.pieces.filter((piece) => !log.exchanges.pieces.includes(piece));
  expect(copied.flat().length).toBeLessThan(2_000);
});

test("old exchanges keep no long bodies and headers in memory, those that end late neither, and new ones do", () => {
  const long = { bytes: 4_096, beginning: "A".repeat(5_464) };
  const log = reduceExchanges(
    noExchanges,
    Array.from({ length: 20_000 }, (_, index) => index + 1).flatMap((number): readonly ExchangesEvent[] => {
      const end: ExchangesEvent = {
        ...ended(number),
        type: "exchange-ended",
        exchange: number,
        time: number,
        outcome: "complete",
        request: long,
        reply: body,
      };
      return number === 1 ? [started(1)] : [started(number), end];
    }),
  );
  const kept = itemsOf(log.exchanges).filter(({ request }) => request?.beginning !== "");
  expect(kept.length).toBeLessThan(8_192 + 2);
  expect(findNumbered(log.exchanges, 20_000)).toMatchObject({ request: long });
  const old = findNumbered(log.exchanges, 2);
  expect(old).toMatchObject({ isTrimmed: true, request: { bytes: 4_096, beginning: "" } });
  const late = reduceExchanges(log, [
    { type: "exchange-ended", exchange: 1, time: 9, outcome: "complete", request: long, reply: body },
  ]);
  expect(findNumbered(late.exchanges, 1)).toMatchObject({ isTrimmed: true, request: { beginning: "" } });
});

test("a run without an end keeps its newest exchanges, and those are found by their numbers", () => {
  let log = noExchanges;
  for (let number = 1; number <= 150_000; number += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, index) => number + index);
    log = reduceExchanges(
      log,
      numbers.flatMap((one) => [started(one), ended(one)]),
    );
  }
  const { length, dropped } = log.exchanges;
  expect(length).toBeGreaterThanOrEqual(100_000);
  expect(length).toBeLessThanOrEqual(120_000);
  expect(length + dropped).toBe(150_000);
  expect(findNumbered(log.exchanges, 1)).toBeUndefined();
  expect(findNumbered(log.exchanges, dropped + 1)?.ended).toBe(dropped + 1.5);
  expect(findNumbered(log.exchanges, 150_000)?.number).toBe(150_000);
});

test("an exchange has the rules that applied to it, each once, and the edited messages", () => {
  const hit = (rule: string, from: "guest" | "host") =>
    ({ type: "rule-hit", rule, exchange: 1, from, hit: 1, seed: 1, time: 2 }) as const;
  const { exchanges } = reduceExchanges(noExchanges, [
    started(1),
    hit("a", "guest"),
    hit("b", "host"),
    hit("b", "host"),
    { type: "message-edited", exchange: 1, from: "host", time: 3, status: 200, headers: [], body },
    ended(1),
  ]);
  expect(exchanges.at(0)).toMatchObject({
    rules: [
      { name: "a", from: "guest", steps: [] },
      { name: "b", from: "host", steps: [] },
    ],
    edited: { host: { status: 200, headers: [], body } },
  });
});

test("a rule of an exchange has the steps that were taken: skipped ones are left out, and a person's are added", () => {
  const { exchanges } = reduceExchanges(noExchanges, [
    started(1),
    {
      type: "rule-hit",
      rule: "a",
      exchange: 1,
      from: "host",
      hit: 1,
      seed: 1,
      steps: ["hold", "split"],
      time: 2,
    },
    { type: "message-held", held: 1, rule: "a", exchange: 1, from: "host", time: 3 },
    { type: "message-released", held: 1, rule: "a", exchange: 1, release: "edited", time: 4 },
    { type: "rule-step-skipped", rule: "a", exchange: 1, step: "split", reason: "it has no body", time: 5 },
    ended(1),
  ]);
  expect(describeEffects("a", exchanges.at(0)?.rules)).toBe("held, edited by a");
  expect(describeEffects("b", exchanges.at(0)?.rules)).toBe("b");
});
