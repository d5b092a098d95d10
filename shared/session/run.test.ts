import { expect, test } from "vitest";
import { initialRunState, isRunEvent, type RunEvent, reduceRun, runTitle } from "./run.ts";

const started: RunEvent = {
  type: "run-started",
  time: 1,
  session: "s",
  folder: "/s",
  kind: "run",
  title: "Run of /worker",
  image: "/worker",
  task: { command: ["true"], env: {} },
  keepAlive: true,
};

const after = (...events: readonly RunEvent[]) => events.reduce(reduceRun, initialRunState);

test("a run goes from its start over the guest tools and the result to its end", () => {
  const reported = after(
    started,
    { type: "note", time: 2, text: "a note" },
    { type: "guest-tools-started", time: 3 },
    { type: "task-result", time: 4, result: "failed", exit: { status: 7 } },
  );
  expect(reported).toMatchObject({
    request: { image: "/worker", keepAlive: true },
    started: 1,
    toolsStarted: 3,
    reported: { time: 4, result: "failed", exit: { status: 7 } },
    outcome: { status: "running" },
  });
  expect(reduceRun(reported, { type: "run-finished", time: 5, result: "failed" }).outcome).toEqual({
    status: "finished",
    finished: 5,
    result: "failed",
  });
  const exit = { status: 137, signal: 9 };
  expect(
    reduceRun(reported, { type: "run-finished", time: 5, result: "failed", exit }).outcome,
  ).toMatchObject({
    exit,
  });
});

test("the end of a run keeps the rules that were active", () => {
  const rules = [{ name: "ping", hits: 2 }];
  const error = { code: "timed-out", message: "late" } as const;
  const finished = after(started, { type: "run-finished", time: 5, result: "success", rules });
  const failed = after(started, { type: "run-failed", time: 5, error, rules });
  expect([finished.outcome, failed.outcome]).toMatchObject([{ rules }, { rules }]);
});

test("a run that went wrong keeps why", () => {
  const error = { code: "guest-tools-lost", message: "lost" } as const;
  expect(after(started, { type: "run-failed", time: 2, error }).outcome).toEqual({
    status: "failed",
    finished: 2,
    error,
  });
});

test("a run that was stopped before a result has not failed", () => {
  const error = { code: "interrupted", message: "interrupted" } as const;
  expect(after(started, { type: "run-failed", time: 2, error }).outcome).toEqual({
    status: "cancelled",
    finished: 2,
    error,
  });
});

test("its events are told from all others", () => {
  expect(isRunEvent(started)).toBe(true);
  expect(isRunEvent({ type: "exchange-started" })).toBe(false);
});

test.each([
  ["/images/microcore/microcore-worker.tar.lz4", "Run of microcore-worker"],
  ["worker.tar.zst", "Run of worker"],
  ["/images/odd.tar", "Run of odd.tar"],
])("a run of %s is called by the image's name", (image, title) => {
  expect(runTitle(image)).toBe(title);
});
