import { expect, test } from "vitest";
import type { SessionSummary } from "../session/session-summary.ts";
import type { RoundOutcome } from "./round-outcome.ts";
import { createWatchNews } from "./watch-news.ts";

const outcome = (
  round: number,
  kind: RoundOutcome["kind"],
  result: RoundOutcome["outcome"],
): RoundOutcome => ({
  ...{ round, kind, outcome: result, text: "the task ended", session: `run-${round}` },
});
const watching = (...outcomes: readonly RoundOutcome[]) =>
  [{ id: "w", title: "Watch of small", watch: { outcomes } }] as unknown as readonly SessionSummary[];

test("a verdict is news when it says something else than the one before it", () => {
  const newsIn = createWatchNews();
  expect(newsIn(watching(outcome(1, "true", "failed")))).toEqual([]);
  expect(newsIn(watching(outcome(1, "true", "failed"), outcome(2, "fast", "passed")))).toEqual([
    { session: "run-2", title: "Watch of small: ok", text: "the task ended" },
  ]);
  expect(newsIn(watching(outcome(2, "fast", "passed")))).toEqual([]);
  expect(newsIn(watching(outcome(2, "true", "passed")))).toEqual([]);
  expect(newsIn(watching(outcome(3, "fast", "failed")))).toMatchObject([{ title: "Watch of small: FAIL" }]);
});

test("the first verdict of a watch is news only if it is a failure", () => {
  const [passed, failed] = [createWatchNews(), createWatchNews()];
  for (const newsIn of [passed, failed]) newsIn([]);
  expect(passed(watching(outcome(1, "true", "passed")))).toEqual([]);
  expect(failed(watching(outcome(1, "true", "failed")))).toHaveLength(1);
});
