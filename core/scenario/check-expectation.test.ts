import { expect, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import { expectationSchema } from "../../shared/scenario/expectation.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";
import { checkExpectation, type SeenRun } from "./check-expectation.ts";
import { createLogRecord } from "./log-record.ts";
import { addToRecord, createRunRecord } from "./run-record.ts";

const body = { bytes: 0, beginning: "" };

/** The events of an exchange from one second of the run to another. */
function exchange(
  number: number,
  method: string,
  path: string,
  [start, end]: [number, number],
  status?: number,
) {
  const target = `/engine/v1/${path}`;
  const outcome = status === undefined ? "cut" : "complete";
  const events: SessionHappening[] = [
    { type: "exchange-started", exchange: number, time: start * 1000, method, target, headers: [] },
    ...(status === undefined
      ? []
      : [{ type: "exchange-replied", exchange: number, time: end * 1000, status, headers: [] } as const]),
    { type: "exchange-ended", exchange: number, time: end * 1000, outcome, request: body, reply: body },
  ];
  return events;
}

/** A run whose guest tools came at second 1, and whose success was lost once. */
function sampleRun(): SeenRun {
  const record = createRunRecord();
  const events: SessionHappening[] = [
    { type: "guest-tools-started", time: 1000 },
    ...exchange(1, "GET", "execute", [1, 1.1], 200),
    { type: "action-requested", action: 1, time: 1000, request: { type: "list-folder", path: "/" } },
    ...exchange(2, "GET", "poll", [1, 1.2], 200).flatMap((event, index) =>
      index === 1
        ? [{ type: "action-taken", action: 1, id: "a", exchange: 2, time: 1100 } as const, event]
        : [event],
    ),
    ...exchange(3, "GET", "poll", [1.2, 31], 200),
    ...exchange(4, "POST", "log", [1.2, 2], 200),
    { type: "rule-hit", rule: "lost", exchange: 5, from: "host", hit: 1, seed: 1, time: 3000 },
    ...exchange(5, "PUT", "success", [2, 3]),
    { type: "task-result", result: "success", time: 3000 },
    ...exchange(6, "PUT", "success", [3.5, 4], 200),
  ];
  for (const [index, event] of events.entries()) addToRecord(record, { ...event, seq: index + 1 });
  const log = createLogRecord();
  log.add(Buffer.from("one\r\ntwo\r"));
  log.add(Buffer.from("\nthree\r\n"));
  return { record, log, outcome: { result: "success", exit: { status: 0 } } };
}

test.each<[unknown, boolean, string]>([
  [{ result: "success" }, true, "the task succeeded"],
  [{ result: "failed" }, false, "the task succeeded"],
  [{ result: "success", within: 2 }, true, "the task succeeded"],
  [{ result: "success", within: 1 }, false, "but late"],
  [{ exit: 0 }, true, "exit status 0"],
  [{ exit: 7 }, false, "exit status 0"],
  [{ log: { text: "two\nthree\n" } }, true, "17 bytes"],
  [{ log: { text: "four" } }, false, 'whose last line is "three"'],
  [{ log: { pattern: "^one$" } }, false, "17 bytes"],
  [{ log: { pattern: "t[wh].*e" } }, true, "17 bytes"],
  [{ log: { lacks: "two" } }, false, "17 bytes"],
  [{ log: { lacks: "four", bytes: 17 } }, true, "17 bytes"],
  [{ log: { bytes: 16 } }, false, "17 bytes"],
  [{ exchanges: { endpoint: "success" } }, true, "2 exchanges"],
  [{ exchanges: { endpoint: "success", count: 1 } }, false, "2 exchanges"],
  [{ exchanges: { endpoint: "success", outcome: "cut", count: 1 } }, true, "1 exchange"],
  [{ exchanges: { endpoint: "failed" } }, false, "no exchange"],
  [{ exchanges: { endpoint: "failed", most: 0 } }, true, "no exchange"],
  [{ exchanges: { endpoint: "poll", action: "none", count: 1 } }, true, "1 exchange"],
  [{ exchanges: { action: "list-folder", count: 1 } }, true, "1 exchange"],
  [{ exchanges: { method: "put", status: 200, count: 1 } }, true, "1 exchange"],
  [{ retries: { endpoint: "success", most: 1 } }, true, "sent again 1 time"],
  [{ retries: { endpoint: "success", least: 2 } }, false, "sent again 1 time"],
  [{ retries: { endpoint: "success", most: 0 } }, false, "sent again 1 time"],
  [{ order: [{ endpoint: "log" }, { endpoint: "success" }] }, true, "this order"],
  [{ order: [{ endpoint: "success" }, { endpoint: "success", outcome: "complete" }] }, true, "this order"],
  [{ order: [{ endpoint: "success" }, { endpoint: "log" }] }, false, "no log after exchange 5 (PUT success)"],
  [{ rule: { name: "lost" } }, true, "1 message"],
  [{ rule: { name: "lost", least: 2 } }, false, "1 message"],
  [{ rule: { name: "other" } }, false, "no message"],
])("%j: %s, %s", (expectation, passed, seen) => {
  const check = checkExpectation(expectationSchema.parse(expectation), sampleRun());
  expect(check.seen).toContain(seen);
  expect(check.passed).toBe(passed);
});

test("a check names the moment and the exchange that decided", () => {
  const check = (expectation: unknown) => checkExpectation(expectationSchema.parse(expectation), sampleRun());
  expect(check({ exchanges: { endpoint: "success", most: 1 } })).toMatchObject({ at: 4000, exchange: 6 });
  expect(check({ order: [{ endpoint: "log" }, { endpoint: "execute" }] })).toMatchObject({
    at: 2000,
    exchange: 4,
  });
  expect(check({ result: "failed" })).toMatchObject({ at: 3000 });
});

test("a run without a result says why, and can be expected", () => {
  const outcome = new AppError({ code: "guest-tools-lost", message: "the guest powered off" });
  const check = (result: string) =>
    checkExpectation(expectationSchema.parse({ result }), { ...sampleRun(), outcome });
  expect(check("success")).toMatchObject({ passed: false, seen: "no result: the guest powered off" });
  expect(check("none")).toMatchObject({ passed: true });
});
