import { expect, test } from "vitest";
import { initialWatchState, reduceWatch, type WatchEvent } from "./watch.ts";

const started: WatchEvent = {
  ...{ time: 1, type: "watch-started", kind: "watch", session: "s", folder: "/s" },
  ...{ title: "Watch of small", set: "/small", check: "make test" },
};
const round = (number: number): WatchEvent => ({
  ...{ time: 2, type: "round-started", round: number, reason: "change", changed: ["a.go"], saved: 2 },
});
const verdict = (number: number, kind: "fast" | "true"): WatchEvent => ({
  ...{ time: 3, type: "verdict", round: number, kind, after: 1, outcome: "passed", text: "well", lines: [] },
});
const reduce = (...events: readonly WatchEvent[]) => events.reduce(reduceWatch, initialWatchState);

test("a round has its sessions and both verdicts", () => {
  const { rounds, check } = reduce(
    started,
    round(1),
    { time: 2, type: "round-session", round: 1, phase: "fast", session: "f", title: "Run" },
    verdict(1, "fast"),
    { time: 2, type: "round-session", round: 1, phase: "rebuild", session: "b", title: "Build" },
    verdict(1, "true"),
  );
  expect(check).toBe("make test");
  expect(rounds).toEqual([
    {
      ...{ round: 1, reason: "change", changed: ["a.go"], saved: 2, status: "ended", phase: "rebuild" },
      sessions: [
        { phase: "fast", session: "f", title: "Run" },
        { phase: "rebuild", session: "b", title: "Build" },
      ],
      fast: { after: 1, outcome: "passed", text: "well", lines: [] },
      true: { after: 1, outcome: "passed", text: "well", lines: [] },
    },
  ]);
});

test("an overtaken round keeps its fast verdict, and the end of the watch ends the last round", () => {
  const { rounds, outcome } = reduce(
    started,
    round(1),
    verdict(1, "fast"),
    { time: 4, type: "round-overtaken", round: 1 },
    round(2),
    { time: 9, type: "watch-ended" },
  );
  expect(rounds.map(({ status }) => status)).toEqual(["overtaken", "stopped"]);
  expect(rounds[0]?.fast?.outcome).toBe("passed");
  expect(outcome).toEqual({ status: "ended", finished: 9 });
});

test("only the newest hundred rounds are kept", () => {
  const { rounds } = reduce(started, ...Array.from({ length: 150 }, (_, index) => round(index + 1)));
  expect(rounds.map((one) => one.round)).toEqual(Array.from({ length: 100 }, (_, index) => index + 51));
});
