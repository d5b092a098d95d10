import { expect, test } from "vitest";
import { emptySessionLog, reduceSessionLog } from "./session-log.ts";

test("a log tells which event about the session's rules was the last one", () => {
  const hit = {
    type: "rule-hit",
    rule: "a",
    exchange: 1,
    from: "guest",
    hit: 1,
    seed: 1,
    time: 1,
  } as const;
  const log = reduceSessionLog(emptySessionLog, [
    { ...hit, seq: 1 },
    { type: "note", text: "other", time: 2, seq: 2 },
  ]);
  expect(log.rulesChanged).toBe(1);
  const removed = { type: "rule-removed", rule: "a", time: 3, seq: 3 } as const;
  expect(reduceSessionLog(log, [removed]).rulesChanged).toBe(3);
});

test("a log has the expectations that were compared, and marks those that were not met at their moment", () => {
  const check = { type: "expectation-checked", seen: "1 exchange", time: 9 } as const;
  const log = reduceSessionLog(emptySessionLog, [
    { ...check, expectation: "a", passed: true, at: 3, seq: 1 },
    { ...check, expectation: "b", passed: false, at: 4, seq: 2 },
  ]);
  expect(log.checks.map(({ expectation }) => expectation)).toEqual(["a", "b"]);
  expect(log.marks).toEqual([{ number: 2, time: 4, kind: "note", label: "Not met: b" }]);
});
