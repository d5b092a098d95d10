import { expect, test } from "vitest";
import { type BuildEvent, type BuildState, initialBuildState, reduceBuild } from "./build.ts";

const started: BuildEvent = {
  time: 1000,
  type: "build-started",
  title: "Worker",
  session: "id",
  folder: "/s/id",
  output: "/w.tar.lz4",
};

function stateAfter(...events: readonly BuildEvent[]): BuildState {
  return events.reduce(reduceBuild, initialBuildState);
}

test("a build that starts runs, with no step yet", () => {
  expect(stateAfter(started)).toEqual({
    title: "Worker",
    session: "id",
    output: "/w.tar.lz4",
    started: 1000,
    steps: [],
    outcome: { status: "running" },
  });
});

test("steps come one after the other, each with its times and how far it is", () => {
  const state = stateAfter(
    started,
    { time: 1100, type: "step-started", step: "disk" },
    { time: 1150, type: "step-progress", step: "disk", done: 5, total: 10 },
    { time: 1200, type: "step-finished", step: "disk" },
    { time: 1200, type: "step-started", step: "boot" },
  );
  expect(state.steps).toEqual([
    { step: "disk", started: 1100, finished: 1200, fraction: 0.5 },
    { step: "boot", started: 1200 },
  ]);
});

test("a step that is done again is there twice", () => {
  const state = stateAfter(
    started,
    { time: 1100, type: "step-started", step: "boot" },
    { time: 1200, type: "step-started", step: "boot" },
    { time: 1300, type: "step-finished", step: "boot" },
  );
  expect(state.steps).toEqual([
    { step: "boot", started: 1100 },
    { step: "boot", started: 1200, finished: 1300 },
  ]);
});

test("a build ends with its result or its error", () => {
  const result = { path: "/w.tar.lz4", size: 1, digest: "00", guestMilliseconds: 5 };
  expect(stateAfter(started, { time: 2000, type: "build-finished", result }).outcome).toEqual({
    status: "succeeded",
    finished: 2000,
    result,
  });
  const error = { code: "timed-out", message: "too slow" } as const;
  expect(stateAfter(started, { time: 2000, type: "build-failed", error }).outcome).toEqual({
    status: "failed",
    finished: 2000,
    error,
    reusable: [],
  });
});

test("a build that a person has cancelled has not failed, and knows what can be used again", () => {
  const error = { code: "interrupted", message: "interrupted" } as const;
  const cancelled: BuildEvent = { time: 2000, type: "build-failed", error, reusable: ["disk"] };
  expect(stateAfter(started, cancelled).outcome).toEqual({
    status: "cancelled",
    finished: 2000,
    error,
    reusable: ["disk"],
  });
});

test("a build whose failed guest is kept runs on, has failed when that began, and knows what can be used again", () => {
  const error = { code: "timed-out", message: "too slow" } as const;
  const kept = stateAfter(
    started,
    { time: 1100, type: "step-reused", step: "data-cd" },
    { time: 1200, type: "keep-failed", isWanted: true },
    { time: 2000, type: "guest-kept", error, wasOff: false },
  );
  expect(kept).toMatchObject({
    keepsFailed: true,
    kept: { since: 2000, error, wasOff: false },
    outcome: { status: "running" },
    steps: [{ step: "data-cd", started: 1100, finished: 1100, isReused: true }],
  });
  const failed = reduceBuild(kept, { time: 9000, type: "build-failed", error, reusable: ["data-cd"] });
  expect(failed.kept).toBeUndefined();
  expect(failed.outcome).toEqual({ status: "failed", finished: 2000, error, reusable: ["data-cd"] });
});

test("what is only said changes nothing", () => {
  const said: BuildEvent[] = [
    { time: 1001, type: "note", text: "n" },
    { time: 1002, type: "command-started", command: "c" },
    { time: 1002, type: "output", text: "o" },
    { time: 1002, type: "command-ended", exit: { status: 0 } },
    { time: 1003, type: "guest-log", text: "g" },
  ];
  expect(stateAfter(started, ...said)).toEqual(stateAfter(started));
});
