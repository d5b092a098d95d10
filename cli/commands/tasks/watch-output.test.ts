import { expect, test } from "vitest";
import { initialWatchState, reduceWatch, type WatchEvent } from "../../../shared/watch/watch.ts";
import { describeStatus, linesOf } from "./watch-output.ts";

/** The lines of a watch with these events, and its state. */
function play(...events: readonly WatchEvent[]) {
  let state = initialWatchState;
  const lines = events.flatMap((event) => {
    state = reduceWatch(state, event);
    return linesOf(event, state);
  });
  return { lines, state };
}

const round = (number: number): WatchEvent => ({
  ...{ time: 2, type: "round-started", round: number, reason: "change", changed: ["task.go"], saved: 1_000 },
});

test("a round is a block: its files, both verdicts with their times, the failing lines, and the last outcomes", () => {
  const { lines, state } = play(
    {
      ...{ time: 1, type: "watch-started", kind: "watch", session: "w", folder: "/w" },
      ...{ title: "Watch of small", set: "/small", check: "make test" },
    },
    round(1),
    {
      ...{ time: 2, type: "verdict", round: 1, kind: "fast", after: 3_100 },
      ...{ outcome: "passed", text: "the task succeeded", lines: [] },
    },
    {
      ...{
        time: 2,
        type: "verdict",
        round: 1,
        kind: "true",
        after: 11_000,
        session: "r",
        log: "/r/task.log",
      },
      ...{ outcome: "failed", text: "the task failed", lines: ["make: *** \u001b[1mError 2"] },
    },
  );
  expect(lines).toEqual([
    "Watch of small (session w): make test",
    "round 1: task.go changed",
    "  ok  fast verdict (warm, tools replaced) after 3.1 s: the task succeeded",
    "  FAIL  true verdict after 11.0 s: the task failed; corrects the fast verdict: the task succeeded",
    "      make: *** Error 2",
    "      session r, /r/task.log",
    "  last: FAIL",
  ]);
  expect(describeStatus(state, 20_000)).toBe("waiting for a change (r: check again, q: quit)");
});

test("the last line says what is under way, and for how long", () => {
  const { state, lines } = play(
    round(2),
    { time: 2, type: "no-fast-verdict", round: 2, reason: "setup.sh changed" },
    { time: 2, type: "round-session", round: 2, phase: "rebuild", session: "b", title: "Build" },
  );
  expect(lines.at(-1)).toBe("  no fast verdict: setup.sh changed");
  expect(describeStatus(state, 3_500)).toBe(
    "… round 2, 2.5 s: rebuild of the worker image (r: check again, q: quit)",
  );
});
