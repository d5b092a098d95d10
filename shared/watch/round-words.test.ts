import { expect, test } from "vitest";
import {
  describeReason,
  describeRelation,
  describeStart,
  describeStrip,
  isCorrected,
  isNews,
} from "./round-words.ts";
import type { RoundState, TimedVerdict } from "./watch.ts";

const passed: TimedVerdict = { outcome: "passed", text: "the task succeeded", lines: [], after: 1 };
const failed: TimedVerdict = { outcome: "failed", text: "the task failed", lines: [], after: 1 };
const other: TimedVerdict = { ...failed, text: "the guest tools fell silent" };
const round = (verdicts: Partial<RoundState>): RoundState => ({
  ...{ round: 1, reason: "change", changed: [], saved: 0, status: "ended", sessions: [] },
  ...verdicts,
});

test.each([
  [passed, passed, "confirms the fast verdict", false],
  [failed, other, "confirms the outcome of the fast verdict, which said: the task failed", false],
  [passed, failed, "corrects the fast verdict: the task succeeded", true],
  [failed, passed, "corrects the fast verdict: the task failed", true],
  [undefined, failed, undefined, false],
])("a true verdict is compared with the fast one: %o, %o", (fast, real, words, corrects) => {
  expect(describeRelation({ fast, true: real })).toBe(words);
  expect(isCorrected({ fast, true: real })).toBe(corrects);
});

test("the strip has the last five outcomes, and marks those that are only fast", () => {
  const rounds = [
    round({ true: failed }),
    round({ true: passed }),
    round({ fast: passed, true: failed }),
    round({ status: "overtaken" }),
    round({ fast: failed, status: "overtaken" }),
    round({ true: passed }),
    round({ fast: passed }),
  ];
  expect(describeStrip(rounds)).toBe("ok FAIL FAIL? ok ok?");
});

test.each([
  [{ reason: "start", changed: [] }, "start of the watch"],
  [{ reason: "forced", changed: [] }, "on request"],
  [{ reason: "forced", changed: ["a"] }, "on request; a changed"],
  [{ reason: "change", changed: ["a", "b"] }, "a, b changed"],
  [{ reason: "change", changed: ["a", "b", "c", "d", "e", "f"] }, "a, b, c, d and 2 more changed"],
] as const)("a round's reason in words: %o", (given, words) => {
  expect(describeReason(given)).toBe(words);
});

test("a person is told of the first failure, and of each change of the outcome", () => {
  expect(isNews(undefined, passed)).toBe(false);
  expect(isNews(undefined, failed)).toBe(true);
  expect(isNews(failed, other)).toBe(false);
  expect(isNews(failed, passed)).toBe(true);
});

test.each([
  ["start", "the start"],
  ["change", "the change"],
  ["forced", "the request"],
] as const)("the time of a round counts from its own reason: %s", (reason, words) => {
  expect(describeStart({ reason })).toBe(words);
});
